package main

import (
	"os"
	"slices"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// inputHelp says what view and ship read.
const inputHelp = `The input can be:

  - the output of 'edgespan serve', Viceroy, 'fastly compute serve' or 'fastly log-tail'
  - lines of OTLP/JSON, as log endpoints and the Collector's file exporter write them
  - compact lines, Honeycomb events and BigQuery rows
  - JSON arrays of these, indented or not

Files may be compressed with gzip or zstd.`

// A command names its files. If none is given, the name is inputs.Stdin.

func onlyStdin(files []string) bool { return slices.Equal(files, []string{inputs.Stdin}) }

// checkFiles refuses standard input that is named twice, or that is a terminal: then the error shows how to pipe input in.
func checkFiles(files []string, how string) error {
	switch at := slices.Index(files, inputs.Stdin); {
	case at < 0:
		return nil
	case slices.Contains(files[at+1:], inputs.Stdin):
		return usage("- is standard input, which can be read only once")
	case isTerminal(os.Stdin):
		return usage("nothing to read: name a file, or pipe input in, as in '%s'", how)
	}
	return nil
}

// isLive tells whether lines arrive over time: through a pipe.
func isLive(files []string) (bool, error) {
	if !slices.Contains(files, inputs.Stdin) {
		return false, nil
	}
	info, err := os.Stdin.Stat()
	return err == nil && !info.Mode().IsRegular(), err
}

// titleOf is the title of a page of these files.
func titleOf(files []string) string {
	if onlyStdin(files) {
		return "standard input"
	}
	return strings.Join(files, ", ")
}
