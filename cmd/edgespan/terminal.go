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
	file  *os.File
	color bool
	asked int // the width that the user asked for, or 0
}

// defaultWidth is the width for files and pipes.
const defaultWidth = 100

// openTerminal describes f. when is auto, always or never; width is what the user asked for, or 0.
func openTerminal(f *os.File, when string, width int) terminal {
	return terminal{f, wantsColor(f, when), width}
}

// width returns the present width: a terminal may be resized while traces arrive.
func (t terminal) width() int {
	if t.asked > 0 {
		return t.asked
	}
	if width, _, _ := term.GetSize(int(t.file.Fd())); width > 0 {
		return width
	}
	if width, _ := strconv.Atoi(os.Getenv("COLUMNS")); width > 0 {
		return width
	}
	if t.color { // the user wants colours, but this is no terminal: it is a pager, whose terminal is that of stderr
		if width, _, _ := term.GetSize(int(os.Stderr.Fd())); width > 0 {
			return width
		}
	}
	return defaultWidth
}

// hasCursor tells whether the cursor can be moved. A pager passes colours on, but no movements.
func (t terminal) hasCursor() bool { return t.color && isTerminal(t.file) }

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
