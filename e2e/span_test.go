package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// spanList is the spans of one trace.
type spanList []span

// server returns the only SERVER span.
func (l spanList) server(t *testing.T) span {
	t.Helper()
	var found spanList
	for _, s := range l {
		if s.Kind == trace.SpanKindServer {
			found = append(found, s)
		}
	}
	require.Len(t, found, 1, "SERVER spans")
	return found[0]
}

// named returns the only span with this name.
func (l spanList) named(t *testing.T, name string) span {
	t.Helper()
	var found spanList
	for _, s := range l {
		if s.Name == name {
			found = append(found, s)
		}
	}
	require.Len(t, found, 1, "spans named %q", name)
	return found[0]
}

// client returns the only CLIENT span.
func (l spanList) client(t *testing.T) span {
	t.Helper()
	var found spanList
	for _, s := range l {
		if s.Kind == trace.SpanKindClient {
			found = append(found, s)
		}
	}
	require.Len(t, found, 1, "CLIENT spans")
	return found[0]
}

// under returns the children of a span.
func (l spanList) under(parent span) spanList {
	var found spanList
	for _, s := range l {
		if s.ParentSpanID == parent.SpanContext.SpanID {
			found = append(found, s)
		}
	}
	return found
}

// nest asserts that every span except the server span has its parent in the list and lies within its time.
func (l spanList) nest(t *testing.T) {
	t.Helper()
	byID := map[trace.SpanID]span{}
	for _, s := range l {
		byID[s.SpanContext.SpanID] = s
	}
	for _, s := range l {
		if s.Kind == trace.SpanKindServer {
			continue
		}
		parent, ok := byID[s.ParentSpanID]
		if assert.True(t, ok, "%s has a parent elsewhere", s.Name) {
			assert.GreaterOrEqual(t, s.Start, parent.Start, "%s starts before %s", s.Name, parent.Name)
			assert.LessOrEqual(t, s.End, parent.End, "%s ends after %s", s.Name, parent.Name)
		}
	}
}

// oneLine asserts that all spans are in one line.
func (l spanList) oneLine(t *testing.T) {
	t.Helper()
	for _, s := range l {
		assert.Equal(t, l[0].line, s.line, "%s came in another line than %s", s.Name, l[0].Name)
	}
}

// attributes returns the attributes as a map of Go values.
func (s span) attributes() map[string]any { return valuesOf(s.Attributes) }

// attribute returns the value of an attribute, or nil if there is none.
func (s span) attribute(key string) any { return s.attributes()[key] }

func valuesOf(attrs []trace.Attribute) map[string]any {
	m := map[string]any{}
	for _, a := range attrs {
		m[a.Key] = goValue(a.Value)
	}
	return m
}

func goValue(v trace.Value) any {
	switch v.Kind() {
	case trace.KindString:
		return v.Str()
	case trace.KindBool:
		return v.Bool()
	case trace.KindInt64:
		return int(v.Int64())
	case trace.KindFloat64:
		return v.Float64()
	case trace.KindStrings:
		return v.Strings()
	case trace.KindBools:
		return v.Bools()
	case trace.KindInt64s:
		return v.Int64s()
	case trace.KindFloat64s:
		return v.Float64s()
	}
	return nil
}

// events returns the events with this name.
func (s span) events(name string) []trace.Event {
	var found []trace.Event
	for _, e := range s.Events {
		if e.Name == name {
			found = append(found, e)
		}
	}
	return found
}

// String draws the spans as a tree.
func (l spanList) String() string {
	var b strings.Builder
	seen := map[trace.SpanID]bool{}
	for _, s := range l {
		seen[s.SpanContext.SpanID] = true
	}
	var draw func(s span, depth int)
	draw = func(s span, depth int) {
		fmt.Fprintf(&b, "%s%s %q %.3f ms", strings.Repeat("  ", depth), s.Kind, s.Name, float64(s.End-s.Start)/1e6)
		if s.Status.Code != trace.StatusUnset {
			fmt.Fprintf(&b, " %s %q", s.Status.Code, shortened(s.Status.Description))
		}
		for _, a := range s.Attributes {
			fmt.Fprintf(&b, " %s=%s", a.Key, shortened(fmt.Sprint(goValue(a.Value))))
		}
		for _, e := range s.Events {
			fmt.Fprintf(&b, " @%s", e.Name)
		}
		b.WriteByte('\n')
		for _, child := range l.under(s) {
			if b.Len() > 4000 {
				b.WriteString("…\n")
				return
			}
			draw(child, depth+1)
		}
	}
	for _, s := range l {
		if !seen[s.ParentSpanID] {
			draw(s, 0)
		}
	}
	return b.String()
}

func shortened(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
