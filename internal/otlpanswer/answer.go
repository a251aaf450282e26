// Package otlpanswer reads the response of a receiver to OTLP/JSON over HTTP,
// https://opentelemetry.io/docs/specs/otlp/#otlphttp-response. All senders of this module use it.
package otlpanswer

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/valyala/fastjson"
)

// Outcome is what became of the items of a request: spans or log records.
type Outcome uint8

// The outcomes.
const (
	Taken   Outcome = iota // accepted, except those that were rejected
	Refused                // refused; do not send them again
	Later                  // not accepted now; send them again
)

// The names of the counts of rejected items in a partial success.
const (
	RejectedSpans      = "rejectedSpans"
	RejectedLogRecords = "rejectedLogRecords"
)

// Read reads the response to a request with the given number of items. rejectedName is the name of the count in a partial
// success.
//
// A status of 2xx is a success whatever the body is, with one exception: an HTML page does not come from a receiver, but for
// example from a proxy that asks for a login, so nobody has accepted the items yet.
//
// message is the receiver's own text. hide must remove secrets from it; then it is made safe to print on a line. The cases of
// the test are in testdata/answers.json. browser/npm/answer.mjs is tested with the same cases.
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

// isPage reports whether a body that is not JSON is HTML. HTML may come without a Content-Type. An empty body is no page, even
// with the Content-Type of HTML, which some servers send by default.
func isPage(contentType string, body []byte) bool {
	body = bytes.TrimSpace(body)
	switch kindOf(contentType) {
	case protobuf: // a protocol buffer may begin with "\n<"
		return false
	case "text/html", "application/xhtml+xml":
		return len(body) > 0
	}
	return len(body) > 0 && body[0] == '<'
}

// IsText reports whether the body of a success is text: not empty, not JSON and not a protocol buffer. Some receivers answer
// "OK", and so does any server that is no receiver. It counts as a success, and a program with a user can tell the user about
// it.
func IsText(contentType string, body []byte) bool {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	return len(body) > 0 && kindOf(contentType) != protobuf && parse(body) == nil
}

const protobuf = "application/x-protobuf"

// kindOf returns a Content-Type without its parameters, in lower case.
func kindOf(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// parse returns nil for a body that is not JSON. The methods Get and GetStringBytes accept nil.
func parse(body []byte) *fastjson.Value {
	var p fastjson.Parser
	v, err := p.ParseBytes(body)
	if err != nil {
		return nil
	}
	return v
}

// number reads a count. It is a string in the JSON of protocol buffers, and a number from some servers.
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

// statusMessage returns the text of a google.rpc.Status in JSON, which the body of a failure should be.
func statusMessage(body []byte, hide func(string) string) string {
	return clean(string(parse(body).GetStringBytes("message")), hide)
}
