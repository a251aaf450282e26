package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/waterfall"
	"github.com/edgespan/edgespan/sdk/trace"
)

// These types are the data of the page. The tree is laid out here, so that the page need not build it. Times are nanoseconds since
// the start of the trace: JavaScript's numbers represent these exactly, but not nanoseconds since 1970.

type traceJSON struct {
	Key       string     `json:"key"`
	ID        string     `json:"id,omitempty"`
	Start     string     `json:"start"`   // Unix nanoseconds
	Duration  float64    `json:"dur"`     // from the first start to the last end
	Slowest   float64    `json:"slowest"` // duration of the slowest request
	Apart     bool       `json:"apart,omitempty"`
	Newest    float64    `json:"newest"` // start of the newest request
	Requests  int        `json:"requests"`
	Services  []string   `json:"services"`
	Spans     []spanJSON `json:"spans"` // in reading order
	Logs      []logJSON  `json:"logs,omitempty"`
	Resources [][]attr   `json:"resources"`
	Notes     []string   `json:"notes,omitempty"`
}

type spanJSON struct {
	ID       string      `json:"id"`
	ParentID string      `json:"pid,omitempty"`
	Parent   int         `json:"up"` // index in Spans, -1 for none
	Depth    int         `json:"depth"`
	Name     string      `json:"name"`
	Kind     string      `json:"kind"`
	Service  int         `json:"svc"` // index in Services, -1 for none
	Resource int         `json:"res"`
	Start    float64     `json:"at"`
	Duration float64     `json:"dur"` // -1 while open
	NoStart  bool        `json:"noStart,omitempty"`
	Error    bool        `json:"err,omitempty"`
	OK       bool        `json:"ok,omitempty"`
	Problem  string      `json:"problem,omitempty"`
	HTTP     string      `json:"http,omitempty"`
	Odd      string      `json:"odd,omitempty"` // missing, cycle or early
	Scope    string      `json:"scope,omitempty"`
	State    string      `json:"state,omitempty"`
	Remote   bool        `json:"remote,omitempty"`
	Attrs    []attr      `json:"attrs,omitempty"`
	Events   []eventJSON `json:"events,omitempty"`
	Links    []linkJSON  `json:"links,omitempty"`
	Dropped  [3]uint32   `json:"dropped"` // attributes, events, links
}

type eventJSON struct {
	Name    string  `json:"name"`
	At      float64 `json:"at"`
	Attrs   []attr  `json:"attrs,omitempty"`
	Dropped uint32  `json:"dropped,omitempty"`
}

type linkJSON struct {
	Trace string `json:"trace,omitempty"` // "" if there is none
	Span  string `json:"span,omitempty"`
	State string `json:"state,omitempty"`
	Attrs []attr `json:"attrs,omitempty"`
}

type logJSON struct {
	Span     string   `json:"span,omitempty"`
	At       *float64 `json:"at,omitempty"`
	Severity string   `json:"sev,omitempty"`
	Body     string   `json:"body"`
	Attrs    []attr   `json:"attrs,omitempty"`
}

// attr is a key, the text of its value, and its type.
type attr [3]string

func modelOf(t *traces.Trace) traceJSON {
	start, _ := t.Bounds()
	m := traceJSON{
		Key:       t.Key(),
		Start:     strconv.FormatInt(start, 10),
		Duration:  float64(t.Duration()),
		Slowest:   float64(t.Slowest()),
		Apart:     t.Apart(),
		Newest:    offset(t.Newest(), start),
		Requests:  len(t.Requests()),
		Services:  append([]string{}, t.Services()...), // an empty list, not null
		Spans:     make([]spanJSON, 0, len(t.Rows())),
		Resources: [][]attr{},
		Notes:     waterfall.Notes(t),
	}
	if t.ID.IsValid() {
		m.ID = t.ID.String()
	}
	services := map[string]int{"": -1}
	for i, name := range m.Services {
		services[name] = i
	}
	resources := map[*trace.Resource]int{}
	for _, r := range t.Rows() {
		res, ok := resources[r.Span.Resource]
		if !ok {
			res = len(m.Resources)
			resources[r.Span.Resource] = res
			var attrs []trace.Attribute
			if r.Span.Resource != nil {
				attrs = r.Span.Resource.Attributes
			}
			m.Resources = append(m.Resources, attrsOf(attrs))
		}
		m.Spans = append(m.Spans, spanOf(r, start, services[r.Span.Service()], res))
	}
	for _, l := range t.Logs {
		lj := logJSON{Severity: l.Severity, Body: l.Body, Attrs: attrsOf(l.Attributes)}
		if l.SpanID.IsValid() {
			lj.Span = l.SpanID.String()
		}
		if l.Time != 0 {
			at := offset(l.Time, start)
			lj.At = &at
		}
		m.Logs = append(m.Logs, lj)
	}
	return m
}

func spanOf(r traces.Row, start int64, service, resource int) spanJSON {
	s := r.Span
	m := spanJSON{
		ID:       s.SpanContext.SpanID.String(),
		Parent:   r.Parent,
		Depth:    r.Depth,
		Name:     s.Name,
		Kind:     s.Kind.String(),
		Service:  service,
		Resource: resource,
		Start:    offset(s.Start, start),
		Duration: float64(s.Duration()),
		NoStart:  s.Start == 0,
		Error:    s.IsError(),
		OK:       s.Status.Code == trace.StatusOK,
		Problem:  s.Problem(),
		HTTP:     s.HTTPStatus(),
		State:    s.SpanContext.TraceState.String(),
		Remote:   s.ParentRemote,
		Attrs:    attrsOf(s.Attributes),
		Dropped:  [3]uint32{s.DroppedAttributes, s.DroppedEvents, s.DroppedLinks},
	}
	if s.Open() {
		m.Duration = -1
	}
	if s.ParentSpanID.IsValid() {
		m.ParentID = s.ParentSpanID.String()
	}
	switch {
	case r.Cycle:
		m.Odd = "cycle"
	case r.Missing && !s.ParentRemote:
		m.Odd = "missing"
	case r.Early:
		m.Odd = "early"
	case s.Backwards():
		m.Odd = "backwards"
	}
	scope := trace.DefaultScope()
	if s.Scope != nil {
		scope = *s.Scope
	}
	m.Scope = strings.TrimSpace(scope.Name + " " + scope.Version)
	for i := range s.Events {
		e := &s.Events[i]
		m.Events = append(m.Events, eventJSON{e.Name, offset(e.Time, start), attrsOf(e.Attributes), e.DroppedAttributes})
	}
	for i := range s.Links {
		k := &s.Links[i]
		link := linkJSON{State: k.SpanContext.TraceState.String(), Attrs: attrsOf(k.Attributes)}
		if id := k.SpanContext.TraceID; id.IsValid() {
			link.Trace = id.String()
		}
		if id := k.SpanContext.SpanID; id.IsValid() {
			link.Span = id.String()
		}
		m.Links = append(m.Links, link)
	}
	return m
}

// offset returns the time from start to at, which may be negative, without overflow.
func offset(at, start int64) float64 {
	if d := at - start; (d >= 0) == (at >= start) {
		return float64(d)
	}
	return math.Round(float64(at) - float64(start))
}

func attrsOf(attrs []trace.Attribute) []attr {
	list := make([]attr, len(attrs))
	for i, a := range attrs {
		list[i] = attr{a.Key, waterfall.ValueText(a.Value), kindNames[a.Value.Kind()]}
	}
	return list
}

var kindNames = map[trace.ValueKind]string{
	trace.KindString: "string", trace.KindBool: "bool", trace.KindInt64: "int", trace.KindFloat64: "double",
	trace.KindStrings: "string[]", trace.KindBools: "bool[]", trace.KindInt64s: "int[]", trace.KindFloat64s: "double[]",
}
