//go:build !race

package slogspan_test

const raceDetector = false
