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
	add(t.Parts, "parts of traces that came far apart")
	if t.Traces == 0 {
		add(t.Hidden, "traces, none chosen")
	}
	if len(parts) == 0 {
		return ""
	}
	unit := "lines"
	if t.Lines == 1 {
		unit = "line"
	}
	return fmt.Sprintf("of %d %s: %s", t.Lines, unit, strings.Join(parts, ", "))
}
