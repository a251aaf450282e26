package remoteconfig

import (
	"errors"
	"strings"
	"time"

	"github.com/valyala/fastjson"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Check returns an error if a document is not valid, and nil if it is. It is for tests, and for programs that write documents.
func Check(document string) error {
	if _, p := parse(document); p != nil {
		return errors.New("remoteconfig: " + p.text())
	}
	return nil
}

// maxSlower is the greatest threshold in milliseconds: one day.
const maxSlower = 24 * 60 * 60 * 1000

// parse returns the settings in a document, or what is wrong with it.
func parse(text string) (*settings, *problem) {
	if p := scan(text); p != nil {
		return nil, p
	}
	var parser fastjson.Parser
	v, err := parser.Parse(text)
	if err != nil {
		return nil, &problem{what: "not JSON: " + cut(err.Error())}
	}
	s := &settings{}
	p := (&node{v: v}).fields(s.field)
	if p != nil {
		return nil, p
	}
	return s, nil
}

// The fields of a document, of its "keep", and of a rule, as errors list them.
const (
	documentFields = "comment, off, ratio, routes, keep, request_headers, response_headers"
	keepFields     = "errors, slower_than_ms, rules"
	ruleFields     = "errors, slower_than_ms, route, status, attribute, equals"
)

func (s *settings) field(key string, n *node) (p *problem) {
	switch key {
	case "comment":
		_, p = n.string()
	case "off":
		s.off, p = n.bool()
	case "ratio":
		s.ratio, p = n.sampler()
	case "routes":
		s.routes = map[string]trace.Sampler{}
		return n.fields(func(route string, n *node) (p *problem) {
			if !isRoute(route) {
				return &problem{n.path, `want a route, or a method in capitals, a space and a route, for a key, such as "GET /items/{id}"`}
			}
			s.routes[route], p = n.sampler()
			return p
		})
	case "keep":
		return n.fields(s.keepField)
	case "request_headers":
		s.requestHeaders, p = n.headers()
	case "response_headers":
		s.responseHeaders, p = n.headers()
	default:
		return n.unknown(documentFields)
	}
	return p
}

func (s *settings) keepField(key string, n *node) (p *problem) {
	switch key {
	case "errors":
		var v bool
		v, p = n.bool()
		s.errors = &v
	case "slower_than_ms":
		var v time.Duration
		v, p = n.milliseconds(0)
		s.slowerThan = &v
	case "rules":
		return n.each(func(n *node) *problem {
			s.rules = append(s.rules, rule{})
			r := &s.rules[len(s.rules)-1]
			if p := n.fields(r.field); p != nil {
				return p
			}
			return r.incomplete(n)
		})
	default:
		return n.unknown(keepFields)
	}
	return p
}

func (r *rule) field(key string, n *node) (p *problem) {
	switch key {
	case "errors":
		if r.errors, p = n.bool(); p == nil && !r.errors {
			return n.bad("true (to turn the rule off, leave the field out)")
		}
	case "slower_than_ms":
		r.slowerThan, p = n.milliseconds(1)
	case "route":
		var text string
		if text, p = n.string(); p == nil && !isRoute(text) {
			return n.bad("a route, or a method in capitals, a space and a route")
		}
		r.method, r.route = cutMethod(text)
	case "status":
		if n.v.Type() == fastjson.TypeArray {
			if p = n.each(r.addStatus); p == nil && len(r.status) == 0 {
				return n.bad("at least one status")
			}
			return p
		}
		return r.addStatus(n)
	case "attribute":
		if r.attribute, p = n.string(); p == nil && r.attribute == "" {
			return n.bad("the key of an attribute")
		}
	case "equals":
		var v trace.Value
		v, p = n.value()
		r.equals = &v
	default:
		return n.unknown(ruleFields)
	}
	return p
}

// incomplete returns what a rule lacks, or nil. A rule without conditions would keep every trace.
func (r *rule) incomplete(n *node) *problem {
	switch {
	case r.equals != nil && r.attribute == "":
		return &problem{n.path + ".equals", "needs the field attribute in the same rule"}
	case n.v.GetObject().Len() == 0:
		return n.bad("at least one condition")
	}
	return nil
}

// addStatus adds one status, or a class of statuses such as "5xx".
func (r *rule) addStatus(n *node) *problem {
	const want = `a status from 100 to 599, or a class such as "5xx"`
	if n.v.Type() == fastjson.TypeString {
		text, _ := n.string()
		if len(text) != 3 || text[0] < '1' || text[0] > '5' || text[1:] != "xx" {
			return n.bad(want)
		}
		from := int64(text[0]-'0') * 100
		r.status = append(r.status, statuses{from, from + 99})
		return nil
	}
	f, ok := n.float()
	if !ok || f != float64(int64(f)) || f < 100 || f > 599 {
		return n.bad(want)
	}
	r.status = append(r.status, statuses{int64(f), int64(f)})
	return nil
}

// isRoute reports whether text can be a route, with or without a method before it. A route with a space in it must begin with a
// slash. Any other text with a space, such as "get /a", is meant to have a method, but would never match.
func isRoute(text string) bool {
	if strings.TrimSpace(text) != text {
		return false
	}
	_, route := cutMethod(text)
	if route == "" || strings.TrimSpace(route) != route {
		return false
	}
	return route[0] == '/' || !strings.Contains(route, " ")
}
