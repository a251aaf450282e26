package main

import (
	"os"
	"slices"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// Files that a command reads are names; inputs.Stdin is one of them where none was given.

func onlyStdin(files []string) bool { return slices.Equal(files, []string{inputs.Stdin}) }

// checkFiles refuses what can not be read. How to pipe something in is told to whoever types it at a terminal.
func checkFiles(files []string, how string) error {
	switch at := slices.Index(files, inputs.Stdin); {
	case at < 0:
		return nil
	case slices.Contains(files[at+1:], inputs.Stdin):
		return usage("- is standard input, which can be read once")
	case isTerminal(os.Stdin):
		return usage("nothing to read: name a file, or pipe one in, as in '%s'", how)
	}
	return nil
}

// isLive tells whether lines arrive while they are waited for: through a pipe.
func isLive(files []string) (bool, error) {
	if !slices.Contains(files, inputs.Stdin) {
		return false, nil
	}
	info, err := os.Stdin.Stat()
	return err == nil && !info.Mode().IsRegular(), err
}

// titleOf is what files are called on a page.
func titleOf(files []string) string {
	if onlyStdin(files) {
		return "standard input"
	}
	return strings.Join(files, ", ")
}
