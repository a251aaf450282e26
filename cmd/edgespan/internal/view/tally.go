package view

import (
	"fmt"
	"strings"
)

// Tally counts what was read and what became of it.
type Tally struct {
	Lines   int // all
	Spans   int
	Logs    int
	Traces  int // that were handed on; a trace that was continued counts again
	Hidden  int // traces that the filter did not choose
	Other   int // lines that are no telemetry
	Broken  int // lines that have the marks of telemetry and can not be read
	TooLong int // lines that were left out
	Early   int // traces that were handed on before the end, for want of room
	Parts   int // traces of which a part had been handed on before
}

// Odd says what a reader should know, or "". shown tells that the lines that are no telemetry were.
func (t Tally) Odd(shown bool) string {
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	if t.Spans+t.Logs == 0 {
		parts = append(parts, "no spans found")
	}
	if !shown && t.Spans+t.Logs > 0 {
		add(t.Other, "of other text (--text show)")
	}
	add(t.Broken, "broken")
	add(t.TooLong, "too long")
	if t.Parts > 0 {
		parts = append(parts, plural(t.Parts, "part")+" of traces that came far apart")
	}
	if t.Traces == 0 && t.Hidden > 0 {
		parts = append(parts, plural(t.Hidden, "trace")+", none chosen")
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("of %s: %s", plural(t.Lines, "line"), strings.Join(parts, ", "))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
