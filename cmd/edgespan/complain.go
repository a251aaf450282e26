package main

import (
	"fmt"
	"os"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// complain prints a problem on stderr. It cleans the text, which may contain names of files and messages of other programs.
func complain(what any) {
	fmt.Fprintf(os.Stderr, "edgespan: %s\n", safetext.CleanLines(fmt.Sprint(what)))
}

// plainError is an error whose text is safe to print on a terminal.
type plainError struct{ error }

func (e plainError) Error() string { return safetext.CleanLines(e.error.Error()) }
func (e plainError) Unwrap() error { return e.error }
