package ship

import (
	"bytes"

	"github.com/valyala/fastjson"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/internal/jsonskip"
	"github.com/edgespan/edgespan/sdk/otlp"
)

// line is a line with telemetry.
type line struct {
	input  string
	number int
	text   []byte // the whole line
	whole  bool   // the line is one object
	parts  [2]part
	size   int // of the elements
}

// part is the content of a line for one signal: elements of resourceSpans or resourceLogs.
type part struct {
	elements []element
	items    int      // spans or log records
	objects  [][]byte // the objects with the items, as they are in the line
}

// element is the JSON of a ResourceSpans or ResourceLogs.
type element struct {
	text   []byte
	prefix int // bytes before the first scope, or 0 if the element has more than a resource and scopes
}

// The pieces of an element whose scopes share its resource: {"resource":R,"scopeSpans":[S,S]}.
var (
	elementHead = []byte(`{"resource":`)
	elementTail = []byte(`]}`)
)

func newElement(text []byte, signal int) element {
	e := element{text: text}
	if !bytes.HasPrefix(text, elementHead) || !bytes.HasSuffix(text, elementTail) {
		return e
	}
	end := jsonskip.Value(text, len(elementHead))
	scopes := signals[signal].scopes
	if !bytes.HasPrefix(text[end:], scopes) {
		return e
	}
	list := end + len(scopes) - 1
	if list+2 < len(text)-1 && jsonskip.Value(text, list) == len(text)-1 { // it is not empty, and nothing follows it
		e.prefix = list + 1
	}
	return e
}

// newLine makes a line of what was found in a text. The line owns the text from then on. Text that is sent unchanged must be
// strictly valid JSON, since not all readers are lenient. Objects that are not valid are moved to the record's Unread.
func newLine(input string, number int, text []byte, r *lines.Record) *line {
	l := &line{input: input, number: number, text: text, whole: len(r.Objects) == 1 && len(r.Unread) == 0}
	for i := range r.Objects {
		o := &r.Objects[i]
		if o.Format == lines.OTLPSpans || o.Format == lines.OTLPLogs {
			if err := fastjson.ValidateBytes(o.Text); err != nil {
				r.Unread, r.Err = append(r.Unread, l.asRead(o.Text)), err
				continue
			}
		}
		l.take(o)
	}
	return l
}

// asRead returns an object as it is written to the rejects. If it is the only one in the line, that includes the text before it.
func (l *line) asRead(object []byte) []byte {
	if l.whole {
		return l.text
	}
	return object
}

func (l *line) take(o *lines.Object) {
	text, signal := o.Text, spanSignal
	switch o.Format {
	case lines.OTLPLogs:
		signal = logSignal
	case lines.FlatSpan:
		var e otlp.Encoder
		text = e.Append(nil, &o.Batches[0])
	case lines.FlatLog:
		text, signal = encodeLog(&o.Logs[0]), logSignal
	}
	p := &l.parts[signal]
	list := jsonskip.Member(text, signals[signal].member)
	if o.Items == 0 || len(list) == 0 || list[0] != '[' {
		return // it is valid, and empty
	}
	p.items += o.Items
	p.objects = append(p.objects, o.Text)
	for _, e := range jsonskip.Elements(list) {
		p.elements = append(p.elements, newElement(e, signal))
		l.size += len(e) + 1
	}
}
