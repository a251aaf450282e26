package remoteconfig

import (
	"slices"
	"strings"
	"time"

	"github.com/valyala/fastjson"

	"github.com/edgespan/edgespan/sdk/trace"
)

// node is a value in the document, with its path.
type node struct {
	path string
	v    *fastjson.Value
}

// fields calls read for each field of an object. A field that occurs twice is an error, because nobody knows which one was
// meant.
//
//go:noinline
func (n *node) fields(read func(key string, n *node) *problem) (p *problem) {
	if n.v.Type() != fastjson.TypeObject {
		return n.bad("an object")
	}
	var seen []string
	n.v.GetObject().Visit(func(name []byte, v *fastjson.Value) {
		if p != nil {
			return
		}
		key := string(name)
		child := &node{n.path + "[" + quote(key) + "]", v}
		if isName(key) {
			child.path = strings.TrimPrefix(n.path+"."+key, ".")
		}
		if slices.Contains(seen, key) {
			p = &problem{child.path, "occurs twice"}
			return
		}
		seen = append(seen, key)
		p = read(key, child)
	})
	return p
}

// each calls read for each element of a list.
//
//go:noinline
func (n *node) each(read func(n *node) *problem) *problem {
	if n.v.Type() != fastjson.TypeArray {
		return n.bad("a list")
	}
	for i, v := range n.v.GetArray() {
		if p := read(&node{n.path + "[" + itoa(i) + "]", v}); p != nil {
			return p
		}
	}
	return nil
}

//go:noinline
func (n *node) bool() (bool, *problem) {
	switch n.v.Type() {
	case fastjson.TypeTrue:
		return true, nil
	case fastjson.TypeFalse:
		return false, nil
	}
	return false, n.bad("true or false")
}

//go:noinline
func (n *node) string() (string, *problem) {
	if n.v.Type() != fastjson.TypeString {
		return "", n.bad("a string")
	}
	return string(n.v.GetStringBytes()), nil // a copy, because the parser's memory is used again
}

// float returns a number that fits into 64 bits. It does not use fastjson's number parser, which accepts nan and inf.
//
//go:noinline
func (n *node) float() (float64, bool) {
	if n.v.Type() != fastjson.TypeNumber {
		return 0, false
	}
	return parseNumber(string(n.v.MarshalTo(nil)))
}

// sampler reads a ratio. The sampler is ParentBased, so that the decision of a trusted parent still applies.
//
//go:noinline
func (n *node) sampler() (trace.Sampler, *problem) {
	f, ok := n.float()
	if !ok || f < 0 || f > 1 {
		return nil, n.bad("a number from 0 to 1")
	}
	return trace.ParentBased(trace.Ratio(f)), nil
}

// milliseconds reads a time in milliseconds. The result must be at least least.
//
//go:noinline
func (n *node) milliseconds(least time.Duration) (time.Duration, *problem) {
	f, ok := n.float()
	if !ok || f < 0 || f > maxSlower {
		return 0, n.bad("a number from 0 to " + itoa(maxSlower))
	}
	d := time.Duration(f * float64(time.Millisecond))
	if f > 0 {
		d = max(d, 1) // not rounded to 0, which has another meaning
	}
	if d < least {
		return 0, n.bad("a number above 0")
	}
	return d, nil
}

// value reads a value that an attribute is compared with. All numbers are floats.
//
//go:noinline
func (n *node) value() (trace.Value, *problem) {
	switch n.v.Type() {
	case fastjson.TypeString:
		text, _ := n.string()
		return trace.String("", text).Value, nil
	case fastjson.TypeTrue, fastjson.TypeFalse:
		b, _ := n.bool()
		return trace.Bool("", b).Value, nil
	case fastjson.TypeNumber:
		if f, ok := n.float(); ok {
			return trace.Float64("", f).Value, nil
		}
	}
	return trace.Value{}, n.bad("a string, a number, true or false")
}

// headers reads names of headers. Without a problem, the list is not nil.
//
//go:noinline
func (n *node) headers() ([]string, *problem) {
	names := []string{}
	p := n.each(func(n *node) *problem {
		name, p := n.string()
		if p == nil && !isToken(name) {
			return n.bad("the name of a header")
		}
		names = append(names, name)
		return p
	})
	return names, p
}

// isToken reports whether s can be the name of a header, https://www.rfc-editor.org/rfc/rfc9110#name-tokens.
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isAlphanumeric(c) && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
