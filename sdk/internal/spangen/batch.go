package spangen

import (
	"math"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Batch makes a batch from data. Any bytes make a batch, the same bytes make the same batch, and few bytes make a small one.
// The values in it may make no sense.
func Batch(data []byte) *trace.Batch {
	s := &source{data: data}
	b := &trace.Batch{}
	if s.one(8) > 0 {
		b.Resource = &trace.Resource{Attributes: s.attributes()}
	}
	for len(s.data) > 0 && len(b.Spans) < 64 {
		b.Spans = append(b.Spans, s.span())
	}
	return b
}

// source returns the bytes of data in pieces, and zeros after its end.
type source struct{ data []byte }

func (s *source) next() byte {
	if len(s.data) == 0 {
		return 0
	}
	c := s.data[0]
	s.data = s.data[1:]
	return c
}

// one returns a number below n.
func (s *source) one(n int) int { return int(s.next()) % n }

func (s *source) uint64() (v uint64) {
	for range 8 {
		v = v<<8 | uint64(s.next())
	}
	return v
}

// nasty lists texts that writers of JSON often get wrong.
var nasty = []string{
	"", "GET /", "http.request.method", "service.name", "name", "resource.x", "attributes", "error", "\x00", "\x1f\x7f", "\"", `\`, `\"`, "\n", "\r\n",
	"\u2028\u2029", "\uFFFD", "\xff", "a\xc3", "\xed\xa0\x80", "é", "𝄞", "</script>", `\u0041`, `\ud800`, strings.Repeat("k", 47), strings.Repeat("k", 48),
	strings.Repeat("k", 49), strings.Repeat("\"", 20), strings.Repeat("\x01", 12), "NaN", "Infinity", "null", "1", "http.response.status_code",
}

func (s *source) text() string {
	c := int(s.next())
	if c < 160 {
		return nasty[c%len(nasty)]
	}
	n := min(c-160, len(s.data))
	text := string(s.data[:n])
	s.data = s.data[n:]
	return text
}

func (s *source) int64() int64 {
	c := s.next()
	extremes := []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 999_999_999, 1_000_000_000, 1 << 53, -1_000_001}
	if int(c) < len(extremes) {
		return extremes[c]
	}
	if c < 128 {
		return int64(c)
	}
	return int64(s.uint64())
}

func (s *source) float() float64 {
	extremes := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64, 1e21, 1e-7}
	c := s.next()
	switch {
	case int(c) < len(extremes):
		return extremes[c]
	case c < 128:
		return float64(c) / 4
	}
	f := math.Float64frombits(s.uint64())
	if math.IsNaN(f) {
		return math.NaN() // always the same NaN, because as text all NaNs are the same
	}
	return f
}

// time returns a time that is mostly within the same few seconds, as in a real trace.
func (s *source) time() int64 {
	c := s.next()
	if c < 16 {
		return s.int64()
	}
	return (1_700_000_000+int64(c%4))*1_000_000_000 + int64(s.next())*3_906_251
}

func (s *source) spanContext() (sc trace.SpanContext) {
	for i := range sc.TraceID {
		sc.TraceID[i] = s.next()
	}
	for i := range sc.SpanID {
		sc.SpanID[i] = s.next()
	}
	sc.TraceFlags = trace.TraceFlags(s.next())
	if s.one(4) == 1 {
		sc.TraceState, _ = trace.ParseTraceState("ot=th:8", "vendor="+string(rune('a'+s.one(26))))
	}
	return sc
}

func list[T any](s *source, one func() T) []T {
	values := make([]T, s.one(4))
	for i := range values {
		values[i] = one()
	}
	return values
}

func (s *source) attributes() []trace.Attribute {
	n := s.one(8)
	var attrs []trace.Attribute
	for range n {
		key := s.text()
		switch s.one(10) {
		case 0:
			attrs = append(attrs, trace.Attribute{Key: key})
		case 1, 2:
			attrs = append(attrs, trace.String(key, s.text()))
		case 3:
			attrs = append(attrs, trace.Bool(key, s.one(2) == 1))
		case 4:
			attrs = append(attrs, trace.Int64(key, s.int64()))
		case 5:
			attrs = append(attrs, trace.Float64(key, s.float()))
		case 6:
			attrs = append(attrs, trace.Strings(key, list(s, s.text)...))
		case 7:
			attrs = append(attrs, trace.Bools(key, list(s, func() bool { return s.one(2) == 1 })...))
		case 8:
			attrs = append(attrs, trace.Int64s(key, list(s, s.int64)...))
		case 9:
			attrs = append(attrs, trace.Float64s(key, list(s, s.float)...))
		}
	}
	return attrs
}

var defaultScope = trace.DefaultScope()

var scopes = []*trace.Scope{nil, nil, nil, {Name: "lib", Version: "1.2"}, {Name: "li\"b"}, {Version: "\xff"}, {}, &defaultScope}

func (s *source) span() trace.SpanData {
	d := trace.SpanData{
		SpanContext:  s.spanContext(),
		ParentRemote: s.one(4) == 1,
		Name:         s.text(),
		Kind:         trace.SpanKind(s.one(7)),
		Start:        s.time(),
		End:          s.time(),
		Scope:        scopes[s.one(len(scopes))],
		Attributes:   s.attributes(),
	}
	if s.one(2) == 1 {
		d.ParentSpanID[7] = s.next()
	}
	if s.one(8) == 1 {
		d.Kind = trace.SpanKind(s.next())
	}
	d.Status.Code = trace.StatusCode(s.one(4))
	if d.Status.Code != trace.StatusUnset {
		d.Status.Description = s.text()
	}
	for range s.one(3) {
		d.Events = append(d.Events, trace.Event{Name: s.text(), Time: s.time(), Attributes: s.attributes(), DroppedAttributes: uint32(s.one(3))})
	}
	for range s.one(3) {
		k := trace.Link{SpanContext: s.spanContext(), Attributes: s.attributes(), DroppedAttributes: uint32(s.one(3))}
		k.SpanContext.Remote = s.one(2) == 1
		d.Links = append(d.Links, k)
	}
	d.DroppedAttributes, d.DroppedEvents, d.DroppedLinks = uint32(s.one(3)), uint32(s.one(3)), uint32(s.one(2))*math.MaxUint32
	return d
}
