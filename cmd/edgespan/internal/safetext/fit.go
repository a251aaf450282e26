package safetext

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// cells does not depend on the environment, so that the output is the same in every locale.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// bytesPerCell is how many bytes one cell may have. Combining marks take no cell, so a name could have any number of them.
const bytesPerCell = 16

// Width returns how many cells s takes. s must be clean.
func Width(s string) int { return cells.StringWidth(s) }

// Cut cleans s, and shortens it to at most width cells. A text that was shortened ends with mark.
func Cut(s string, width int, mark string) string {
	if width <= 0 {
		return ""
	}
	more := false
	if limit := (width + 1) * bytesPerCell; len(s) > limit {
		s, more = strings.ToValidUTF8(s[:limit], ""), true
	}
	s = Clean(s)
	if !more && Width(s) <= width {
		return s
	}
	if Width(mark) >= width {
		mark = ""
	}
	if more && Width(s)+Width(mark) <= width {
		return s + mark
	}
	return cells.Truncate(s, width, mark)
}

// Wrap cleans s, and splits it at its newlines and into lines of at most width cells.
func Wrap(s string, width int) []string {
	width = max(width, 2) // a character may take two cells
	var parts []string
	for line := range strings.SplitSeq(strings.TrimRight(s, "\r\n"), "\n") {
		line = Clean(strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", "    "))
		for {
			part := line
			if limit := (width + 1) * bytesPerCell; len(part) > limit {
				part = strings.ToValidUTF8(part[:limit], "")
			}
			part = cells.Truncate(part, width, "")
			parts = append(parts, part)
			if line = line[len(part):]; line == "" {
				break
			}
		}
	}
	return parts
}

// Fit is Cut, filled with spaces to exactly width cells.
func Fit(s string, width int, mark string) string {
	s = Cut(s, width, mark)
	return s + Spaces(width-Width(s))
}

// FitRight is Fit with the spaces before the text.
func FitRight(s string, width int, mark string) string {
	s = Cut(s, width, mark)
	return Spaces(width-Width(s)) + s
}

// Spaces returns n spaces, or none if n is negative.
func Spaces(n int) string { return strings.Repeat(" ", max(0, n)) }
