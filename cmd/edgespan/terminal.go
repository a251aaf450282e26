package main

import (
	"io"
	"os"
	"strconv"

	"github.com/fatih/color"
	"golang.org/x/term"
)

// terminal describes where the output goes.
type terminal struct {
	color bool
	width int
}

// defaultWidth is the width for files and pipes.
const defaultWidth = 100

// openTerminal describes f. when is auto, always or never; width is what the user asked for, or 0.
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

// textWriter returns a function that prints lines, dimmed if f takes colours.
func textWriter(f *os.File, when string) func(string) {
	dim := color.New(color.Faint)
	if wantsColor(f, when) {
		dim.EnableColor()
	} else {
		dim.DisableColor()
	}
	return func(line string) { _, _ = io.WriteString(f, dim.Sprint(line)+"\n") }
}
