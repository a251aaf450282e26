package remoteconfig

import (
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// rule keeps a local trace if all of its conditions match.
type rule struct {
	errors        bool          // any span has failed
	slowerThan    time.Duration // the root took longer
	method, route string        // of the root
	status        []statuses    // the root's status is in one of these
	attribute     string        // the root has this attribute
	equals        *trace.Value  // the attribute's value is this, or a list that contains it
}

// statuses is a range of HTTP statuses, including both ends.
type statuses struct{ from, to int64 }

// matches reports whether the rule keeps a batch that begins with its local root.
func (r *rule) matches(b *trace.Batch) bool {
	root := &b.Spans[0]
	return (r.slowerThan <= 0 || trace.Keep{SlowerThan: r.slowerThan}.Matches(b)) &&
		(!r.errors || trace.Keep{Errors: true}.Matches(b)) &&
		(r.route == "" || textOf(root, "http.route") == r.route) &&
		(r.method == "" || textOf(root, "http.request.method") == r.method) &&
		(len(r.status) == 0 || r.statusIn(root)) &&
		(r.attribute == "" || r.attributeIs(root))
}

func textOf(d *trace.SpanData, key string) string {
	v, _ := d.Attribute(key)
	return v.Str()
}

func (r *rule) statusIn(root *trace.SpanData) bool {
	v, _ := root.Attribute("http.response.status_code")
	status := v.Int64()
	for _, s := range r.status {
		if s.from <= status && status <= s.to {
			return true
		}
	}
	return false
}

func (r *rule) attributeIs(root *trace.SpanData) (is bool) {
	v, ok := root.Attribute(r.attribute)
	if !ok || r.equals == nil {
		return ok
	}
	v.Each(func(element trace.Value) { is = is || same(element, *r.equals) })
	return is || same(v, *r.equals)
}

// same compares an attribute's value with a value of the document, in which all numbers are floats.
func same(v, want trace.Value) bool {
	if v.Kind() == trace.KindInt64 && want.Kind() == trace.KindFloat64 {
		return float64(v.Int64()) == want.Float64()
	}
	return v == want
}
