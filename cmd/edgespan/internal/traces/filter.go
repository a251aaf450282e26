package traces

import (
	"strings"
	"time"
)

// Filter chooses traces. The zero value chooses all; of several conditions all must hold.
type Filter struct {
	ID     string        // the trace id begins with it
	Route  string        // http.route of a span, or the root's name; '*' stands for any text
	Errors bool          // some span has failed
	Slower time.Duration // it took at least this long
}

// Match tells whether the filter chooses t.
func (f Filter) Match(t *Trace) bool {
	switch {
	case f.ID != "" && !strings.HasPrefix(t.ID.String(), strings.ToLower(f.ID)):
	case f.Errors && t.Errors() == 0:
	case t.Duration() < f.Slower:
	case f.Route != "" && !f.matchRoute(t):
	default:
		return true
	}
	return false
}

func (f Filter) matchRoute(t *Trace) bool {
	if root := t.Root(); root != nil && glob(f.Route, root.Name) {
		return true
	}
	for _, s := range t.Spans {
		if route := s.Route(); route != "" && glob(f.Route, route) {
			return true
		}
	}
	return false
}

// glob matches s against a pattern in which '*' stands for any text, slashes too.
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
