package ship

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/internal/otlpanswer"
	"github.com/edgespan/edgespan/otlphttp"
)

// verdict is what an answer means for the request.
type verdict uint8

const (
	taken         verdict = iota // but for what was rejected
	later                        // the same may be taken in a while
	refused                      // for what is in it: a part of it may be taken
	tooLarge                     // refused, as it is too large
	unknownSignal                // there is no such place, but for the other signal there is
	hopeless                     // no request like it would be taken
)

type answer struct {
	verdict    verdict
	rejected   int
	message    string // of a success
	text       string // of a failure, for people
	retryAfter time.Duration
}

// hints tell what to look at. A status without one is about what was sent, not about how.
var hints = map[int]string{
	301: "redirects are not followed, since credentials go where they were told to: give the address that it leads to",
	401: "are the credentials right? See --header",
	403: "are the credentials right? See --header",
	404: "there is no receiver of OTLP over HTTP at this path: see --endpoint",
	405: "there is no receiver of OTLP over HTTP at this path: see --endpoint",
	407: "the proxy wants credentials",
	415: "this receiver takes no OTLP/JSON: a Collector in between translates",
	501: "this receiver takes no OTLP/JSON: a Collector in between translates",
}

func (s *sender) judge(signal int, r *otlphttp.Response, o otlpanswer.Outcome, rejected int, message string) answer {
	switch {
	case o == otlpanswer.Taken:
		s.wonder(signal, r)
		return answer{verdict: taken, rejected: rejected, message: message}
	case r.Status >= 200 && r.Status <= 299: // people see to it: what has not been sent is still there
		return answer{verdict: hopeless, text: fmt.Sprintf("the answer is %d and no OTLP: what stands there is no receiver", r.Status)}
	case o == otlpanswer.Later:
		return answer{verdict: later, text: statusText(r.Status, message), retryAfter: otlpanswer.RetryAfter(r.RetryAfter, time.Now())}
	}
	a := answer{verdict: refused, text: statusText(r.Status, message)}
	hint, fatal := hints[r.Status]
	switch {
	case r.Status == http.StatusRequestEntityTooLarge:
		a.verdict = tooLarge
	case (r.Status == 404 || r.Status == 405 || r.Status == 501) && signal == logSignal:
		a.verdict = unknownSignal
	case r.Status < 400:
		a.verdict, a.text = hopeless, a.text+"; "+hints[301]
	case fatal:
		a.verdict, a.text = hopeless, a.text+"; "+hint
	}
	return a
}

// maxWonder bounds how much of an odd answer is shown, in characters.
const maxWonder = 40

// wonder tells once of a success in plain text. Some receivers say OK so; so does a server that is none and answers all requests.
func (s *sender) wonder(signal int, r *otlphttp.Response) {
	if s.wondered || !otlpanswer.IsText(r.ContentType, r.Body) {
		return
	}
	s.wondered = true
	t := s.target(signal)
	text := []rune(strings.TrimSpace(t.hide(strings.ToValidUTF8(string(r.Body), "?"))))
	if len(text) > maxWonder {
		text = append(text[:maxWonder:maxWonder], '…')
	}
	s.Console.Note(fmt.Sprintf("%s answers %d with text, and not with OTLP: %q. It counts as taken; but is this a receiver of OTLP? See --endpoint",
		t.name(), r.Status, string(text)))
}

func statusText(status int, message string) string {
	text := fmt.Sprint(status)
	if name := http.StatusText(status); name != "" {
		text += " " + name
	}
	if message != "" {
		text += ": " + message
	}
	return text
}

// judgeError tells what will pass from what will not. What the error says is a transport's, with what another has told it, and is made
// fit for a terminal; what a receiver says in its answer is by otlpanswer.
func (s *sender) judgeError(err error, t *Target) answer {
	a := answer{verdict: later, text: safetext.Clean(t.hide(err.Error()))}
	var (
		permanent   interface{ Permanent() bool }
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		name        *net.DNSError
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		a.text = "no answer within " + s.Timeout.String()
	case errors.As(err, &permanent) && permanent.Permanent():
		a.verdict = hopeless
	case errors.As(err, &certificate):
		a.verdict, a.text = hopeless, a.text+"; see --ca"
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		a.verdict, a.text = hopeless, a.text+"; does the receiver speak plain HTTP? Then the address begins with http://"
	case strings.Contains(a.text, "malformed HTTP"):
		a.verdict, a.text = hopeless, "the answer is no HTTP; is this the port for gRPC (4317)? That for HTTP is mostly 4318"
	case errors.As(err, &name) && name.IsNotFound && !s.taken:
		a.verdict = hopeless
	}
	return a
}
