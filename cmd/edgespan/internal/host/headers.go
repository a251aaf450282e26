package host

import (
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

const (
	maxHeaderName  = 1<<16 - 1
	maxHeaderCount = 32768
)

// headers keeps fields in order. Names are in lower case, as the platform returns them.
type headers []field

type field struct{ name, value string }

// fromHTTP returns the fields of net/http's map. Their order is lost in the map, so they are sorted, to be always the same.
func fromHTTP(h http.Header) headers {
	out := make(headers, 0, len(h))
	for name, values := range h {
		for _, v := range values {
			out = append(out, field{strings.ToLower(name), v})
		}
	}
	slices.SortStableFunc(out, func(a, b field) int { return strings.Compare(a.name, b.name) })
	return out
}

// copyTo adds the fields to net/http's map, except those named.
func (h headers) copyTo(to http.Header, except ...string) {
	for _, f := range h {
		if !slices.Contains(except, f.name) {
			key := textproto.CanonicalMIMEHeaderKey(f.name)
			to[key] = append(to[key], f.value)
		}
	}
}

func (h headers) names() []string {
	var out []string
	for _, f := range h {
		if !slices.Contains(out, f.name) {
			out = append(out, f.name)
		}
	}
	return out
}

func (h headers) values(name string) []string {
	var out []string
	for _, f := range h {
		if f.name == name {
			out = append(out, f.value)
		}
	}
	return out
}

func (h headers) get(name string) (string, bool) {
	for _, f := range h {
		if f.name == name {
			return f.value, true
		}
	}
	return "", false
}

// insert replaces all values of the name by this one, at the position of the first.
func (h *headers) insert(name, value string) {
	for i, f := range *h {
		if f.name == name {
			(*h)[i].value = value
			rest := slices.DeleteFunc((*h)[i+1:], func(f field) bool { return f.name == name })
			*h = (*h)[:i+1+len(rest)]
			return
		}
	}
	h.append(name, value)
}

func (h *headers) append(name, value string) {
	if len(*h) >= maxHeaderCount {
		throw(statusLimit)
	}
	*h = append(*h, field{name, value})
}

func (h *headers) remove(name string) bool {
	n := len(*h)
	*h = slices.DeleteFunc(*h, func(f field) bool { return f.name == name })
	return len(*h) < n
}

// headerName reads a header name from the guest: a token, converted to lower case.
func (c *call) headerName(i int) string {
	if c.u32(i+1) > maxHeaderName {
		throw(statusInval)
	}
	name := c.bytes(i)
	if len(name) == 0 {
		throw(statusError)
	}
	for _, b := range name {
		if !isToken(b) {
			throw(statusError)
		}
	}
	return strings.ToLower(string(name))
}

// headerValue reads a header value from the guest. The only control character allowed is the tab.
func (c *call) headerValue(i int) string { return checkValue(c.bytes(i)) }

func checkValue(v []byte) string {
	for _, b := range v {
		if b < 0x20 && b != '\t' || b == 0x7F {
			throw(statusError)
		}
	}
	return string(v)
}

func isToken(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' ||
		b != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}

// The following calls are the same for requests, responses and trailers. Their arguments start at i.

func (h *headers) callNamesGet(c *call, i int) status { return c.fillMany(i, h.names()) }

func (h *headers) callValueGet(c *call, i int) status {
	v, ok := h.get(c.headerName(i))
	if !ok {
		return statusInval
	}
	return c.fill(i+2, v)
}

func (h *headers) callValuesGet(c *call, i int) status {
	return c.fillMany(i+2, h.values(c.headerName(i)))
}

// callValuesSet reads the values one after another, each of which ends with a zero byte.
func (h *headers) callValuesSet(c *call, i int) status {
	name := c.headerName(i)
	var values []string
	rest := c.bytes(i + 2)
	for {
		end := slices.Index(rest, 0)
		if end < 0 {
			break // bytes after the last zero byte are not a value
		}
		values = append(values, checkValue(rest[:end]))
		rest = rest[end+1:]
	}
	h.remove(name)
	for _, v := range values {
		h.append(name, v)
	}
	return statusOK
}

func (h *headers) callInsert(c *call, i int) status {
	name := c.headerName(i)
	h.insert(name, c.headerValue(i+2))
	return statusOK
}

func (h *headers) callAppend(c *call, i int) status {
	name := c.headerName(i)
	h.append(name, c.headerValue(i+2))
	return statusOK
}

func (h *headers) callRemove(c *call, i int) status {
	if !h.remove(c.headerName(i)) {
		return statusInval
	}
	return statusOK
}
