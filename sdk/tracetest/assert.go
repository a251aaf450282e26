package tracetest

import (
	"strconv"

	"github.com/edgespan/edgespan/sdk/trace"
)

// AssertAttributes checks that the span has all of these attributes. It may have others.
func AssertAttributes(t TB, span trace.SpanData, want ...trace.Attribute) {
	t.Helper()
	for _, a := range want {
		if problem := compare(span.Attributes, a); problem != "" {
			t.Errorf("span %q: %s. It is\n%s", span.Name, problem, Tree([]trace.SpanData{span}))
		}
	}
}

// AssertNoAttribute checks that the span has no attribute with any of these keys.
func AssertNoAttribute(t TB, span trace.SpanData, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if v, ok := span.Attribute(key); ok {
			t.Errorf("span %q: unexpected attribute %q: %s. The span is\n%s", span.Name, key, describe(v), Tree([]trace.SpanData{span}))
		}
	}
}

// AssertStatus checks the span's status code and description.
func AssertStatus(t TB, span trace.SpanData, code trace.StatusCode, description string) {
	t.Helper()
	if want := (trace.Status{Code: code, Description: description}); span.Status != want {
		t.Errorf("span %q: want the status %s, got %s. The span is\n%s", span.Name, status(want), status(span.Status), Tree([]trace.SpanData{span}))
	}
}

func status(s trace.Status) string {
	if s.Description == "" {
		return s.Code.String()
	}
	return s.Code.String() + " " + strconv.Quote(s.Description)
}

// AssertEvent checks that the span has an event of this name with all of these attributes. It may have others.
func AssertEvent(t TB, span trace.SpanData, name string, want ...trace.Attribute) {
	t.Helper()
	problem := "no event is named " + strconv.Quote(name)
	for i := range span.Events {
		e := &span.Events[i]
		if e.Name != name {
			continue
		}
		if problem = firstProblem(e.Attributes, want); problem == "" {
			return
		}
		problem = "event " + strconv.Quote(name) + ": " + problem
	}
	t.Errorf("span %q: %s. The span is\n%s", span.Name, problem, Tree([]trace.SpanData{span}))
}

// AssertChildOf checks that the parent of child is parent, by their ids.
func AssertChildOf(t TB, child, parent trace.SpanData) {
	t.Helper()
	c, p := &child.SpanContext, &parent.SpanContext
	switch {
	case c.TraceID != p.TraceID:
		t.Errorf("span %q is not a child of %q: it belongs to trace %s, and %q to trace %s", child.Name, parent.Name, c.TraceID, parent.Name, p.TraceID)
	case !child.ParentSpanID.IsValid():
		t.Errorf("span %q is not a child of %q: it has no parent", child.Name, parent.Name)
	case child.ParentSpanID != p.SpanID:
		t.Errorf("span %q is not a child of %q: its parent is span %s, and %q is span %s", child.Name, parent.Name, child.ParentSpanID, parent.Name, p.SpanID)
	}
}

// firstProblem returns what is wrong with the first wanted attribute that attrs do not have, or "".
func firstProblem(attrs, want []trace.Attribute) string {
	for _, a := range want {
		if problem := compare(attrs, a); problem != "" {
			return problem
		}
	}
	return ""
}

// compare returns why attrs do not have the wanted attribute, or "".
func compare(attrs []trace.Attribute, want trace.Attribute) string {
	for _, a := range attrs {
		switch {
		case a.Key != want.Key:
		case a.Value == want.Value:
			return ""
		default:
			return "attribute " + strconv.Quote(want.Key) + ": want " + describe(want.Value) + ", got " + describe(a.Value)
		}
	}
	return "attribute " + strconv.Quote(want.Key) + " is missing, want " + describe(want.Value)
}
