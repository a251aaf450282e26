package tracetest

import (
	"fmt"
	"testing"
)

var _ TB = (testing.TB)(nil)

// fakeTB stands for the test that an assertion fails.
type fakeTB struct {
	helped bool
	errors []string
	fatals []string
}

func (f *fakeTB) Helper() { f.helped = true }

func (f *fakeTB) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *fakeTB) Fatalf(format string, args ...any) {
	f.fatals = append(f.fatals, fmt.Sprintf(format, args...))
}
