package view

import (
	"fmt"
	"strings"
)

// Tally counts what was read and what was done with it.
type Tally struct {
	Lines   int // all
	Spans   int
	Logs    int
	Traces  int // handed on; a trace that was continued counts again
	Hidden  int // traces that the filter did not match
	Other   int // lines that are not telemetry
	Broken  int // lines that look like telemetry and cannot be read
	TooLong int // lines that were left out
	Early   int // traces handed on before the end because memory was full
	Parts   int // traces of which a part had been handed on before
}

// Odd says what a reader should know about the input, or "". shown tells that the lines without telemetry were printed.
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
		add(t.Other, "not telemetry (--text show prints them)")
	}
	add(t.Broken, "broken")
	add(t.TooLong, "too long")
	if t.Parts > 0 {
		parts = append(parts, plural(t.Parts, "part")+" of traces that came too late to be joined")
	}
	if t.Traces == 0 && t.Hidden > 0 {
		parts = append(parts, "the filters match none of "+plural(t.Hidden, "trace"))
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s read: %s", plural(t.Lines, "line"), strings.Join(parts, ", "))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
