//go:build !race && !js

package slogspan_test

const raceDetector = false
