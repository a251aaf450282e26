package main

import (
	"io"
	"os"
	"strconv"

	"github.com/fatih/color"
	"golang.org/x/term"
)

// terminal is what is known of where output goes.
type terminal struct {
	color bool
	width int
}

// defaultWidth is for files and pipes.
const defaultWidth = 100

// openTerminal looks at f. when is auto, always or never; width is what the user wants, or 0.
func openTerminal(f *os.File, when string, width int) terminal {
	t := terminal{color: wantsColor(f, when), width: width}
	if t.width <= 0 {
		t.width, _, _ = term.GetSize(int(f.Fd()))
	}
	if t.width <= 0 {
		t.width, _ = strconv.Atoi(os.Getenv("COLUMNS"))
	}
	if t.width <= 0 {
		t.width = defaultWidth
	}
	return t
}

// wantsColor follows https://no-color.org/.
func wantsColor(f *os.File, when string) bool {
	switch when {
	case "always":
		return true
	case "never":
		return false
	}
	return isTerminal(f) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// textWriter returns a function that prints lines, dimmed where there are colours.
func textWriter(f *os.File, when string) func(string) {
	dim := color.New(color.Faint)
	if wantsColor(f, when) {
		dim.EnableColor()
	} else {
		dim.DisableColor()
	}
	return func(line string) { _, _ = io.WriteString(f, dim.Sprint(line)+"\n") }
}
