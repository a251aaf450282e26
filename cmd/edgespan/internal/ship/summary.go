package ship

import (
	"fmt"
	"strings"
)

// Counts is what was found in lines.
type Counts struct {
	Lines      int `json:"lines"`      // all lines that were read
	Telemetry  int `json:"telemetry"`  // those with spans or log records
	Other      int `json:"other"`      // those that are not telemetry
	Broken     int `json:"broken"`     // those that look like telemetry but cannot be read
	TooLong    int `json:"tooLong"`    // those that were left out
	Unfinished int `json:"unfinished"` // last lines without an end, left for the next run
	Foreign    int `json:"foreign"`    // files that have lines, but no telemetry
}

func (c *Counts) add(more *Counts) {
	c.Lines += more.Lines
	c.Telemetry += more.Telemetry
	c.Other += more.Other
	c.Broken += more.Broken
	c.TooLong += more.TooLong
	c.Unfinished += more.Unfinished
	c.Foreign += more.Foreign
}

// Delivery is what happened to the items of a signal.
type Delivery struct {
	Sent     int `json:"sent"`     // accepted by the receiver
	Rejected int `json:"rejected"` // rejected from requests that the receiver accepted
	Unnamed  int `json:"unnamed"`  // those of the rejected that the receiver did not identify
	Refused  int `json:"refused"`  // finally refused by the receiver
	Skipped  int `json:"skipped"`  // log records that NoLogs left out
}

// Summary is the result of Run.
type Summary struct {
	Counts
	Spans     Delivery `json:"spans"`
	Logs      Delivery `json:"logRecords"`
	Unsent    int      `json:"unsent"`    // spans and log records, in the batch at which it stopped
	Requests  int      `json:"requests"`  // including retries
	Retries   int      `json:"retries"`   // of these, those made again
	Bytes     int64    `json:"bytes"`     // of JSON
	BytesSent int64    `json:"bytesSent"` // after compression
	Messages  []string `json:"messages"`  // of the receiver about rejected or refused items; safe to print on a terminal
}

// settled is the number of items that need no further work.
func (s *Summary) settled() int {
	n := 0
	for _, d := range []Delivery{s.Spans, s.Logs} {
		n += d.Sent + d.Rejected + d.Refused + d.Skipped
	}
	return n
}

// Complete tells whether everything that was read was delivered, except skipped log records, and whether each file had telemetry.
func (s *Summary) Complete() bool {
	return s.Broken+s.TooLong+s.Foreign+s.Unsent+s.Spans.Rejected+s.Spans.Refused+s.Logs.Rejected+s.Logs.Refused == 0
}

// Missing says in words why Complete is false.
func (s *Summary) Missing() string {
	var parts []string
	for _, p := range []struct {
		n          int
		one, other string
	}{
		{s.Broken, "broken line", "broken lines"},
		{s.TooLong, "line that is too long", "lines that are too long"},
		{s.Foreign, "file without telemetry", "files without telemetry"},
		{s.Spans.Rejected + s.Logs.Rejected, "rejected item", "rejected items"},
		{s.Spans.Refused + s.Logs.Refused, "refused item", "refused items"},
		{s.Unsent, "unsent item", "unsent items"},
	} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.one)
		case p.n > 1:
			parts = append(parts, Number(p.n)+" "+p.other)
		}
	}
	return strings.Join(parts, ", ")
}

const maxMessages = 5

// say keeps a few of the receiver's messages, each once.
func (s *Summary) say(message string) {
	for _, m := range s.Messages {
		if m == message {
			return
		}
	}
	if message != "" && len(s.Messages) < maxMessages {
		s.Messages = append(s.Messages, message)
	}
}

// Text is the summary for people.
func (s *Summary) Text(dry bool) string {
	var b strings.Builder
	row := func(title string, n int, what string, more ...any) {
		fmt.Fprintf(&b, "%-12s %11s %s", title, Number(n), what)
		for i := 0; i < len(more); i += 2 {
			if n := more[i].(int); n > 0 {
				fmt.Fprintf(&b, ", %s %s", Number(n), more[i+1])
			}
		}
		b.WriteByte('\n')
	}
	sent, made := "sent", "made"
	if dry {
		sent, made = "would be sent", "would be made"
	}
	row("lines", s.Lines, "read", s.Broken, "broken", s.TooLong, "too long", s.Other, "not telemetry", s.Unfinished, "unfinished")
	if s.Foreign > 0 {
		row("files", s.Foreign, "without telemetry")
	}
	row("spans", s.Spans.Sent, sent, s.Spans.Rejected, "rejected", s.Spans.Refused, "refused")
	if l := s.Logs; l != (Delivery{}) {
		row("log records", l.Sent, sent, l.Rejected, "rejected", l.Refused, "refused", l.Skipped, "skipped")
	}
	row("requests", s.Requests, made, s.Retries, "of them retries")
	fmt.Fprintf(&b, "%-12s %11s of JSON", "volume", Size(s.Bytes))
	if s.BytesSent != s.Bytes {
		fmt.Fprintf(&b, ", %s compressed", Size(s.BytesSent))
	}
	b.WriteByte('\n')
	if s.Unsent > 0 {
		row("not sent", s.Unsent, "spans and log records, in the batch at which it stopped")
	}
	if n := s.Spans.Unnamed + s.Logs.Unnamed; n > 0 {
		row("unnamed", n, "of the rejected: the receiver accepted the rest of their requests and did not say which it rejected; no --rejects file has them")
	}
	for _, m := range s.Messages {
		fmt.Fprintf(&b, "%-12s %s\n", "receiver", m)
	}
	return b.String()
}

// Number formats a number, with commas between thousands.
func Number[T int | int64](n T) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Size formats a number of bytes.
func Size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 999_950:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 999_950_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.2f GB", float64(n)/1e9)
}
