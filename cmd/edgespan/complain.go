package main

import (
	"fmt"
	"os"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// complain says on stderr what is wrong. Names of files, and what others have said, may be in it.
func complain(what any) {
	fmt.Fprintf(os.Stderr, "edgespan: %s\n", safetext.CleanLines(fmt.Sprint(what)))
}

// plainError is an error whose text is fit for a terminal.
type plainError struct{ error }

func (e plainError) Error() string { return safetext.CleanLines(e.error.Error()) }
func (e plainError) Unwrap() error { return e.error }
