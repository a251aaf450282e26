package traces

import (
	"slices"
	"strings"
	"time"
)

// Filter selects requests, and the traces that contain them. The zero value selects all. A request must meet all conditions that
// are set.
type Filter struct {
	ID     string        // beginning of the trace id
	Route  string        // the root's name, or the http.route of one of its spans; '*' stands for any text
	Errors bool          // a span has failed
	Slower time.Duration // it took at least this long
}

// Match tells whether the filter selects a request of t. If t has only log records, only the trace id counts.
func (f Filter) Match(t *Trace) bool {
	if f == (Filter{ID: f.ID}) {
		return f.matchID(t)
	}
	return len(f.Requests(t)) > 0
}

// Requests returns the requests of t that the filter selects.
func (f Filter) Requests(t *Trace) []Request {
	if !f.matchID(t) {
		return nil
	}
	return slices.DeleteFunc(t.Requests(), func(r Request) bool { return !f.matchRequest(r) })
}

func (f Filter) matchID(t *Trace) bool {
	return strings.HasPrefix(t.ID.String(), strings.ToLower(f.ID))
}

func (f Filter) matchRequest(r Request) bool {
	switch {
	case f.Errors && r.Errors() == 0:
	case r.Duration() < f.Slower:
	case f.Route != "" && !f.matchRoute(r):
	default:
		return true
	}
	return false
}

func (f Filter) matchRoute(r Request) bool {
	return glob(f.Route, r.Root.Name) || slices.ContainsFunc(r.Spans, func(s *Span) bool {
		route := s.Route()
		return route != "" && glob(f.Route, route)
	})
}

// glob matches s with a pattern in which '*' stands for any text, including slashes.
func glob(pattern, s string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return s == pattern
	}
	s, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	for {
		part, more, wild := strings.Cut(rest, "*")
		if !wild {
			return strings.HasSuffix(s, part)
		}
		at := strings.Index(s, part)
		if at < 0 {
			return false
		}
		s, rest = s[at+len(part):], more
	}
}
