package otlphttp

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/valyala/fastjson"
)

// outcome is what a response means for the spans of its request.
type outcome uint8

const (
	taken   outcome = iota // but for those rejected
	refused                // for good
	later                  // try again
)

// judge reads a response to a request with so many spans. The error is nil only when nothing is wrong.
func judge(r *Response, spans int) (o outcome, rejected int, err error) {
	switch {
	case r.Status == 429 || r.Status == 502 || r.Status == 503 || r.Status == 504:
		return later, 0, &statusError{r.Status, message(r.Body, "message")}
	case r.Status < 200 || r.Status > 299:
		return refused, spans, &statusError{r.Status, message(r.Body, "message")}
	}
	body := bytes.TrimSpace(r.Body)
	if len(body) == 0 || strings.HasPrefix(r.ContentType, "application/x-protobuf") {
		return taken, 0, nil
	}
	var p fastjson.Parser
	v, err := p.ParseBytes(body)
	if err != nil || v.Type() != fastjson.TypeObject {
		return refused, spans, errNotOTLP
	}
	partial := v.Get("partialSuccess")
	if partial == nil || partial.Type() != fastjson.TypeObject {
		return taken, 0, nil
	}
	text := string(partial.GetStringBytes("errorMessage"))
	rejected = min(number(partial.Get("rejectedSpans")), spans)
	if rejected > 0 || text != "" {
		return taken, rejected, &partialError{rejected, clean(text)}
	}
	return taken, 0, nil
}

// number reads a count, which is a string in the JSON of protocol buffers, and a number with some servers.
func number(v *fastjson.Value) int {
	if v == nil {
		return 0
	}
	if v.Type() == fastjson.TypeString {
		n, err := strconv.Atoi(string(v.GetStringBytes()))
		if err != nil {
			return 0
		}
		return max(n, 0)
	}
	return max(v.GetInt(), 0)
}

// message returns the text of a google.rpc.Status in JSON, which is what a failure's body should be.
func message(body []byte, field string) string {
	var p fastjson.Parser
	v, err := p.ParseBytes(body)
	if err != nil {
		return ""
	}
	return clean(string(v.GetStringBytes(field)))
}

// maxMessage bounds what a receiver may put into our errors, in bytes.
const maxMessage = 200

func clean(text string) string {
	if len(text) > maxMessage {
		text = text[:maxMessage] + "…"
	}
	return strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text), "?")
}
