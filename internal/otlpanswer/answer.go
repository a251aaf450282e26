// Package otlpanswer reads what a receiver of OTLP over HTTP answers to JSON, for all that sends it:
// https://opentelemetry.io/docs/specs/otlp/#otlphttp-response.
package otlpanswer

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/valyala/fastjson"
)

// Outcome is what a response means for the items of its request: spans or log records.
type Outcome uint8

// The outcomes.
const (
	Taken   Outcome = iota // but for those rejected
	Refused                // for good
	Later                  // try again
)

// The names of the counts in a partial success.
const (
	RejectedSpans      = "rejectedSpans"
	RejectedLogRecords = "rejectedLogRecords"
)

// Read reads a response to a request of so many items, whose count in a partial success has the name given. A status of 2xx is
// success whatever comes with it, but for a page: that comes from something else than a receiver, such as a proxy that asks for a
// login, and nobody has taken anything yet. The message is the receiver's own, made fit for a line after hide has taken out what
// nobody may see. The cases are in testdata/answers.json, which browser/npm/answer.mjs is held to as well.
func Read(status int, contentType string, body []byte, rejectedName string, items int, hide func(string) string) (o Outcome, rejected int, message string) {
	switch {
	case status == 429 || status == 502 || status == 503 || status == 504:
		return Later, 0, statusMessage(body, hide)
	case status < 200 || status > 299:
		return Refused, items, statusMessage(body, hide)
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	v := parse(body)
	if v == nil && isPage(contentType, body) {
		return Later, 0, ""
	}
	partial := v.Get("partialSuccess")
	if partial == nil {
		return Taken, 0, ""
	}
	return Taken, min(number(partial.Get(rejectedName)), items), clean(string(partial.GetStringBytes("errorMessage")), hide)
}

// isPage reports whether a body that is no JSON is HTML, which may come without a Content-Type. There is no page without a body:
// servers name HTML by default.
func isPage(contentType string, body []byte) bool {
	body = bytes.TrimSpace(body)
	switch kindOf(contentType) {
	case protobuf: // of which the first bytes may be "\n<"
		return false
	case "text/html", "application/xhtml+xml":
		return len(body) > 0
	}
	return len(body) > 0 && body[0] == '<'
}

// IsText reports whether the body of a success is neither empty, JSON nor protocol buffers. Some receivers say OK so, and any server
// that is none does: it counts as taken, and whoever has people to tell may tell them.
func IsText(contentType string, body []byte) bool {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	return len(body) > 0 && kindOf(contentType) != protobuf && parse(body) == nil
}

const protobuf = "application/x-protobuf"

// kindOf returns a Content-Type without its parameters.
func kindOf(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// parse returns nil for what is no JSON, which Get takes.
func parse(body []byte) *fastjson.Value {
	var p fastjson.Parser
	v, err := p.ParseBytes(body)
	if err != nil {
		return nil
	}
	return v
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

// statusMessage returns the text of a google.rpc.Status in JSON, which is what a failure's body should be.
func statusMessage(body []byte, hide func(string) string) string {
	return clean(string(parse(body).GetStringBytes("message")), hide)
}
