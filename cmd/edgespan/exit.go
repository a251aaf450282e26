package main

import (
	"fmt"
	"os"
)

// Exit codes, as the commands' help describes them.
const (
	exitUsage      = 2
	exitIncomplete = 3
)

// exitError is an error with an exit code of its own.
type exitError struct {
	error
	code int
}

func (e exitError) ExitCode() int { return e.code }

// usage returns an error about the command line.
func usage(format string, args ...any) error {
	return exitError{fmt.Errorf(format, args...), exitUsage}
}

// kongUsage is the exit code of the parser for a command line that it cannot read.
const kongUsage = 80

func exit(code int) {
	if code == kongUsage {
		code = exitUsage
	}
	os.Exit(code)
}
