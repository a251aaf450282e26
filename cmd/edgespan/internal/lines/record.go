package lines

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/valyala/fastjson"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Kind tells what a line is.
type Kind uint8

// The kinds of lines.
const (
	Text   Kind = iota // something else: what a program prints
	Blank              // nothing, or white space
	Spans              // OTLP or compact spans
	Logs               // log records
	Broken             // it has the marks of telemetry and can not be read
)

// Record is what a line holds. It shares nothing with the line.
type Record struct {
	Kind    Kind
	Batches []trace.Batch // of Spans; a line may hold both
	Logs    []Log         // of Logs
	Err     error         // of Broken
}

// Parse finds out what a line is.
func Parse(line []byte) Record {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return Record{Kind: Blank}
	}
	// A JSON array of objects is what some HTTPS log receivers store. A prefix such as "[INFO]" is none.
	if line[0] == '[' && line[len(line)-1] == ']' {
		if r := parseArray(line); r.Kind != Text {
			return r
		}
	}
	for _, f := range formats {
		if !bytes.Contains(line, f.mark) {
			continue
		}
		if r, ok := parseAs(line, f); ok {
			return r
		}
	}
	return Record{Kind: Text}
}

// Telemetry returns the part of the line that is JSON, or nil where it is no telemetry.
func Telemetry(line []byte) []byte {
	for _, f := range formats {
		if !bytes.Contains(line, f.mark) {
			continue
		}
		for _, start := range starts(line, f.mark) {
			if text := object(line, start); fastjson.ValidateBytes(text) == nil {
				return text
			}
		}
	}
	return nil
}

// format is one way to write telemetry, and the key by which it is known.
type format struct {
	mark []byte
	read func(text []byte) (Record, error)
}

// The first whose mark a line has is tried first. A body may quote any of the marks, so the others are tried after it.
var formats = []format{
	{[]byte(`"resourceSpans"`), readSpans},
	{[]byte(`"resourceLogs"`), readLogs},
	{[]byte(`trace_id"`), readFlat}, // "trace_id" of compact lines, "trace.trace_id" of Honeycomb's
}

// errOther says that a line has the mark of a format by chance.
var errOther = errors.New("no telemetry")

func parseAs(line []byte, f format) (Record, bool) {
	var first error
	for _, start := range starts(line, f.mark) {
		r, err := f.read(object(line, start))
		if err == nil {
			return r, true
		}
		if first == nil {
			first = err
		}
	}
	if first == nil || errors.Is(first, errOther) {
		return Record{}, false
	}
	return Record{Kind: Broken, Err: first}, true
}

// starts returns the places where the object may begin: at the brace before the mark, which a prefix that has braces
// itself does not mislead, and at the first brace, for objects that begin with another key.
func starts(line, mark []byte) []int {
	first := bytes.IndexByte(line, '{')
	at := bytes.Index(line, mark)
	if first < 0 {
		return nil
	}
	if at < first {
		return []int{first}
	}
	if before := bytes.LastIndexByte(line[:at], '{'); before > first {
		if len(bytes.TrimRight(line[before+1:at], " \t\"")) == 0 { // the mark is the first key
			return []int{before, first}
		}
	}
	return []int{first}
}

// object is the line from start to the last brace: behind it there may be a colour reset.
func object(line []byte, start int) []byte {
	return line[start : max(start, bytes.LastIndexByte(line, '}'))+1]
}

func readSpans(text []byte) (Record, error) {
	batches, err := otlp.Decode(text)
	if err != nil {
		return Record{}, err
	}
	spans := 0
	for i := range batches {
		spans += len(batches[i].Spans)
	}
	if spans == 0 && !bytes.Contains(text, []byte(`"resourceSpans"`)) {
		return Record{}, errOther
	}
	return Record{Kind: Spans, Batches: batches}, nil
}

// readFlat reads a compact span, or a program's own log line that names its trace.
func readFlat(text []byte) (Record, error) {
	if log, ok := readAppLog(text); ok {
		return Record{Kind: Logs, Logs: []Log{log}}, nil
	}
	batch, err := compact.Decode(text)
	if err != nil {
		if fastjson.ValidateBytes(text) == nil && !bytes.Contains(text, []byte(`span_id"`)) {
			return Record{}, errOther
		}
		return Record{}, err
	}
	return Record{Kind: Spans, Batches: []trace.Batch{batch}}, nil
}

// parseArray joins the records of an array's elements. One that is broken does not take the others with it.
func parseArray(line []byte) Record {
	list, err := fastjson.ParseBytes(line)
	if err != nil {
		return Record{Kind: Text}
	}
	all := Record{Kind: Text}
	elements, _ := list.Array()
	var text []byte
	for i, e := range elements {
		text = e.MarshalTo(text[:0])
		r := Parse(text)
		switch {
		case r.Kind == Broken && all.Err == nil:
			all.Err = fmt.Errorf("element %d: %w", i, r.Err)
		case r.Kind == Spans || r.Kind == Logs:
			all.Kind = r.Kind
			all.Batches = append(all.Batches, r.Batches...)
			all.Logs = append(all.Logs, r.Logs...)
		}
	}
	if all.Kind == Text && all.Err != nil {
		all.Kind = Broken
	}
	return all
}
