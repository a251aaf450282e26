//go:build race

package trace_test

const raceDetector = true
