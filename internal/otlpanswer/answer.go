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

// Read reads a response to a request of so many items, whose count in a partial success has the name given. What is refused
// with a status of 2xx comes from something else than a receiver. The message is the receiver's own, made fit for a line.
func Read(status int, contentType string, body []byte, rejectedName string, items int) (o Outcome, rejected int, message string) {
	switch {
	case status == 429 || status == 502 || status == 503 || status == 504:
		return Later, 0, statusMessage(body)
	case status < 200 || status > 299:
		return Refused, items, statusMessage(body)
	}
	body = bytes.TrimSpace(body)
	if len(body) == 0 || strings.HasPrefix(contentType, "application/x-protobuf") {
		return Taken, 0, ""
	}
	var p fastjson.Parser
	v, err := p.ParseBytes(body)
	if err != nil || v.Type() != fastjson.TypeObject {
		return Refused, items, ""
	}
	partial := v.Get("partialSuccess")
	if partial == nil || partial.Type() != fastjson.TypeObject {
		return Taken, 0, ""
	}
	return Taken, min(number(partial.Get(rejectedName)), items), clean(string(partial.GetStringBytes("errorMessage")))
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
func statusMessage(body []byte) string {
	var p fastjson.Parser
	v, err := p.ParseBytes(body)
	if err != nil {
		return ""
	}
	return clean(string(v.GetStringBytes("message")))
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
