package traces

import (
	"math"
	"strconv"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Span is a span with its resource.
type Span struct {
	trace.SpanData
	Resource *trace.Resource
}

// Service returns the name of the service that made the span, or "".
func (s *Span) Service() string {
	v, _ := s.Resource.Attribute("service.name")
	return v.Str()
}

// Open tells whether the span's end is unknown.
func (s *Span) Open() bool { return s.End == 0 }

// Backwards tells whether the span ends before it starts. Its clock was set back meanwhile.
func (s *Span) Backwards() bool { return !s.Open() && s.End < s.Start }

// Stop returns the span's end, or its start if the end is earlier.
func (s *Span) Stop() int64 { return max(s.Start, s.End) }

// Duration returns the span's duration, zero for an open span.
func (s *Span) Duration() time.Duration {
	if s.Open() {
		return 0
	}
	return Between(s.Start, s.End)
}

// Between returns the time from start to end: zero if it is negative, and the maximum if it overflows.
func Between(start, end int64) time.Duration {
	switch d := end - start; {
	case end <= start:
		return 0
	case d < 0:
		return math.MaxInt64
	default:
		return time.Duration(d)
	}
}

// IsError tells whether the status is an error.
func (s *Span) IsError() bool { return s.Status.Code == trace.StatusError }

// HTTPStatus returns the status code of the response, from the stable or the former attribute, or "".
func (s *Span) HTTPStatus() string {
	for _, key := range []string{"http.response.status_code", "http.status_code"} {
		switch v, _ := s.Attribute(key); v.Kind() {
		case trace.KindInt64:
			return strconv.FormatInt(v.Int64(), 10)
		case trace.KindString:
			return v.Str()
		}
	}
	return ""
}

// Route returns http.route, or "".
func (s *Span) Route() string {
	v, _ := s.Attribute("http.route")
	return v.Str()
}

// Problem says what went wrong: the message of the last recorded exception, or else the status description.
func (s *Span) Problem() string {
	for i := len(s.Events) - 1; i >= 0; i-- {
		if e := &s.Events[i]; e.Name == trace.ExceptionEvent {
			if text := join(text(e.Attributes, "exception.type"), text(e.Attributes, "exception.message")); text != "" {
				return text
			}
		}
	}
	if !s.IsError() {
		return ""
	}
	if s.Status.Description != "" {
		return s.Status.Description
	}
	v, _ := s.Attribute("error.type")
	if kind := v.Str(); kind != s.HTTPStatus() { // if they are the same, the number says it already
		return kind
	}
	return ""
}

func text(attrs []trace.Attribute, key string) string {
	for _, a := range attrs {
		if a.Key == key {
			return a.Value.Str()
		}
	}
	return ""
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ": " + b
}

// size returns roughly how much memory the span takes.
func (s *Span) size() int {
	n := 400 + len(s.Name) + len(s.Status.Description) + sizeOf(s.Attributes)
	for i := range s.Events {
		n += 80 + len(s.Events[i].Name) + sizeOf(s.Events[i].Attributes)
	}
	for i := range s.Links {
		n += 120 + sizeOf(s.Links[i].Attributes)
	}
	return n
}

func sizeOf(attrs []trace.Attribute) int {
	n := 0
	for i := range attrs {
		n += 48 + len(attrs[i].Key) + attrs[i].Value.TextSize()
	}
	return n
}
