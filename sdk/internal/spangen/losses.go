package spangen

import (
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Losses describes how the result of a decoder differs from what was encoded.
type Losses struct {
	Attribute  func(a trace.Attribute) trace.Attribute // in addition to what all formats lose
	Attributes func(attrs []trace.Attribute) []trace.Attribute
	Time       func(nanos int64) int64
	Status     func(s trace.Status) trace.Status
	Scope      func(s *trace.Scope) *trace.Scope
}

// Apply returns what a decoder must return for b. All formats lose bytes that are not UTF-8, the kind of an empty list, kinds
// and codes that do not exist, and the difference between no list or resource and an empty one.
func (l Losses) Apply(b *trace.Batch) trace.Batch {
	c := trace.Batch{Resource: new(trace.Resource)}
	if b.Resource != nil {
		c.Resource.Attributes = l.attributes(b.Resource.Attributes)
	}
	for _, d := range b.Spans {
		d.Name = clean(d.Name)
		if d.Kind > trace.SpanKindConsumer {
			d.Kind = trace.SpanKindUnspecified
		}
		d.Start, d.End = apply(l.Time, d.Start), apply(l.Time, d.End)
		d.Status.Description = clean(d.Status.Description)
		if d.Status.Code > trace.StatusError {
			d.Status.Code = trace.StatusUnset
		}
		d.Status = apply(l.Status, d.Status)
		if d.Scope != nil {
			d.Scope = &trace.Scope{Name: clean(d.Scope.Name), Version: clean(d.Scope.Version)}
		}
		d.Scope = apply(l.Scope, d.Scope)
		d.Attributes = apply(l.Attributes, l.attributes(d.Attributes))
		events, links := d.Events, d.Links
		d.Events, d.Links = nil, nil
		for _, e := range events {
			e.Name, e.Time, e.Attributes = clean(e.Name), apply(l.Time, e.Time), l.attributes(e.Attributes)
			d.Events = append(d.Events, e)
		}
		for _, k := range links {
			k.Attributes = l.attributes(k.Attributes)
			d.Links = append(d.Links, k)
		}
		c.Spans = append(c.Spans, d)
	}
	return c
}

func apply[T any](f func(T) T, v T) T {
	if f == nil {
		return v
	}
	return f(v)
}

func (l Losses) attributes(attrs []trace.Attribute) (lossy []trace.Attribute) {
	for _, a := range attrs {
		a.Key = clean(a.Key)
		switch v := a.Value; v.Kind() {
		case trace.KindString:
			a = trace.String(a.Key, clean(v.Str()))
		case trace.KindStrings:
			list := v.Strings()
			for i := range list {
				list[i] = clean(list[i])
			}
			a = trace.Strings(a.Key, list...)
		case trace.KindBools, trace.KindInt64s, trace.KindFloat64s:
			if v.TextSize() == 0 {
				a = trace.Strings(a.Key)
			}
		}
		lossy = append(lossy, apply(l.Attribute, a))
	}
	return lossy
}

// clean replaces each byte that is not UTF-8 by U+FFFD.
func clean(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}
