package lines

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/valyala/fastjson"

	"github.com/edgespan/edgespan/internal/jsonskip"
	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Kind is the kind of a line.
type Kind uint8

// The kinds of lines.
const (
	Text   Kind = iota // something else, such as what a program prints
	Blank              // empty, or only white space
	Spans              // OTLP or compact spans
	Logs               // log records
	Broken             // looks like telemetry and cannot be read
)

// Record is the content of a line. It shares no memory with the line, except the text of Objects and of Unread.
type Record struct {
	Kind    Kind
	Batches []trace.Batch // for Spans; a line may have both
	Logs    []Log         // for Logs
	Objects []Object      // for Spans and Logs: the objects that these were read from
	Unread  [][]byte      // what cannot be read: all of a Broken line, or single elements of an array
	Err     error         // why the first of these cannot be read
}

// Object is a JSON object of telemetry: the only one in its line, or an element of an array.
type Object struct {
	Format  Format
	Text    []byte // a part of the line, in its memory; it may not be strictly valid JSON
	Items   int    // spans or log records
	Batches []trace.Batch
	Logs    []Log // those that name a trace
}

// Format is the format of an Object.
type Format uint8

// The formats.
const (
	OTLPSpans Format = iota // an ExportTraceServiceRequest
	OTLPLogs                // an ExportLogsServiceRequest
	FlatSpan                // a compact span, or a Honeycomb event
	FlatLog                 // a record of a structured logger
)

// Parse returns the content of a line.
func Parse(line []byte) Record {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return Record{Kind: Blank}
	}
	if len(line) > long && values(line) > maxValues {
		return Record{Kind: Broken, Unread: [][]byte{line}, Err: errValues}
	}
	// Some HTTPS log receivers store a JSON array of objects, and some loggers write one. A prefix such as "[INFO]" is not an array.
	if line[len(line)-1] == ']' {
		at := 0
		if line[0] != '[' {
			at = max(0, bytes.Index(line, []byte("[{")))
		}
		if r := parseArray(line[at:]); r.Kind != Text {
			return r
		}
	}
	for _, m := range marks {
		if !bytes.Contains(line, m.key) {
			continue
		}
		if r, ok := parseAs(line, m); ok {
			return r
		}
	}
	return Record{Kind: Text}
}

// A value takes some 500 bytes of memory when it is read, so the length alone does not bound the memory of a line. Ten thousand
// spans with everything in them have half as many values.
const (
	maxValues = 1_000_000
	long      = 2 * maxValues // bytes; a shorter line cannot have too many values
)

var (
	errValues = errors.New("too many values for one line")
	errCut    = errors.New("the line is cut off: its JSON is incomplete")
)

// endsWithin tells whether a text ends inside the JSON that it begins with.
func endsWithin(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return false
			}
		}
	}
	return true
}

// values roughly counts the values in a JSON text. Commas in strings count as well.
func values(text []byte) int {
	return bytes.Count(text, []byte{','}) + bytes.Count(text, []byte{'['}) + bytes.Count(text, []byte{'{'})
}

// mark is the key by which a format of telemetry is recognised.
type mark struct {
	key  []byte
	read func(text []byte) (Object, error)
}

// The first mark that a line has is tried first. A body may contain any of the keys, so the others are tried after it.
var marks = []mark{
	{[]byte(`"resourceSpans"`), readSpans},
	{[]byte(`"resourceLogs"`), readLogs},
	{[]byte(`trace_id"`), readFlat}, // "trace_id" of compact lines, "trace.trace_id" of Honeycomb's
}

// errOther means that a line has the mark of a format by chance.
var errOther = errors.New("no telemetry")

func parseAs(line []byte, m mark) (Record, bool) {
	var first error
	for _, start := range starts(line, m.key) {
		text := object(line, start)
		o, err := m.read(text)
		if err == nil {
			o.Text = text
			return Record{Kind: o.kind(), Batches: o.Batches, Logs: o.Logs, Objects: []Object{o}}, true
		}
		if first == nil {
			if start > 0 && line[start-1] == '[' { // an array without its end
				start--
			}
			if first = err; !errors.Is(err, errOther) && endsWithin(line[start:]) {
				first = errCut
			}
		}
	}
	if first == nil || errors.Is(first, errOther) {
		return Record{}, false
	}
	return Record{Kind: Broken, Unread: [][]byte{line}, Err: first}, true
}

// starts returns the positions at which the object may begin: at the brace before the mark, which is right even if a prefix
// contains braces; and at the first brace, for objects that begin with another key.
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

// object returns the line from start to the last brace. A colour reset may follow it.
func object(line []byte, start int) []byte {
	return line[start : max(start, bytes.LastIndexByte(line, '}'))+1]
}

func (o Object) kind() Kind {
	if o.Format == OTLPLogs || o.Format == FlatLog {
		return Logs
	}
	return Spans
}

func readSpans(text []byte) (Object, error) {
	batches, err := otlp.Decode(text)
	if err != nil {
		return Object{}, err
	}
	spans := 0
	for i := range batches {
		spans += len(batches[i].Spans)
	}
	if spans == 0 && !bytes.Contains(text, []byte(`"resourceSpans"`)) {
		return Object{}, errOther
	}
	return Object{Format: OTLPSpans, Items: spans, Batches: batches}, nil
}

// readFlat reads a compact span, or a program's own log line that names its trace.
func readFlat(text []byte) (Object, error) {
	if log, ok := readAppLog(text); ok {
		return Object{Format: FlatLog, Items: 1, Logs: []Log{log}}, nil
	}
	batch, err := compact.Decode(text)
	if err != nil {
		if isJSON(text) && !bytes.Contains(text, []byte(`span_id"`)) {
			return Object{}, errOther
		}
		return Object{}, err
	}
	return Object{Format: FlatSpan, Items: 1, Batches: []trace.Batch{batch}}, nil
}

// isJSON tells whether a text is JSON that fastjson.Parse can read. fastjson's validator does not limit the depth.
func isJSON(text []byte) bool {
	return jsonskip.Depth(text) <= fastjson.MaxDepth && fastjson.ValidateBytes(text) == nil
}

// parseArray joins the records of the elements that are objects. A broken element does not affect the others. Arrays inside the
// array are not read: each level would be validated again, and a line of nothing but brackets would take hours.
func parseArray(line []byte) Record {
	all := Record{Kind: Text}
	if line[0] != '[' || !isJSON(line) {
		return all
	}
	for i, text := range jsonskip.Elements(line) {
		if text[0] != '{' {
			continue
		}
		r := Parse(text)
		if all.Unread = append(all.Unread, r.Unread...); r.Err != nil && all.Err == nil {
			all.Err = fmt.Errorf("element %d: %w", i, r.Err)
		}
		if r.Kind == Spans || r.Kind == Logs {
			all.Kind = r.Kind
			all.Batches = append(all.Batches, r.Batches...)
			all.Logs = append(all.Logs, r.Logs...)
			all.Objects = append(all.Objects, r.Objects...)
		}
	}
	if all.Kind == Text && all.Err != nil {
		all.Kind = Broken
	}
	return all
}
