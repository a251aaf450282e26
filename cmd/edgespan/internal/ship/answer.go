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
	taken         verdict = iota // delivered, except what was rejected
	later                        // the same request may be delivered later
	refused                      // for its content: a part of it may be delivered
	tooLarge                     // refused because it is too large
	unknownSignal                // there is no such path, but there is one for the other signal
	hopeless                     // no request like it would be delivered
)

type answer struct {
	verdict    verdict
	rejected   int
	message    string // of a success
	text       string // of a failure, for people
	retryAfter time.Duration
}

// hints say what to look at. A status without a hint is about the content of a request, not about how it was sent.
var hints = map[int]string{
	301: "redirects are not followed, so that credentials go only to the address you gave: give --endpoint the address that it redirects to",
	401: "check the credentials (--header or OTEL_EXPORTER_OTLP_HEADERS)",
	403: "check the credentials (--header or OTEL_EXPORTER_OTLP_HEADERS)",
	404: "no OTLP/HTTP receiver at this path: check --endpoint",
	405: "no OTLP/HTTP receiver at this path: check --endpoint",
	407: "the proxy wants credentials: put them into HTTPS_PROXY or HTTP_PROXY, as http://user:password@host:port",
	415: "this receiver does not take OTLP/JSON: send to a Collector, which can translate",
	501: "this receiver does not take OTLP/JSON: send to a Collector, which can translate",
}

func (s *sender) judge(signal int, r *otlphttp.Response, o otlpanswer.Outcome, rejected int, message string) answer {
	switch {
	case o == otlpanswer.Taken:
		s.wonder(signal, r)
		return answer{verdict: taken, rejected: rejected, message: message}
	case r.Status >= 200 && r.Status <= 299: // a person can mend it: everything unsent is still in the files
		return answer{verdict: hopeless, text: fmt.Sprintf("the answer is %d with a page of HTML: no OTLP receiver listens there; check --endpoint", r.Status)}
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

// maxWonder is how many characters of an odd answer are shown.
const maxWonder = 40

// wonder reports, once, a success with plain text. Some receivers answer OK like this, but so does any other server that answers all requests.
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
	s.Console.Note(fmt.Sprintf("%s answers %d with text instead of OTLP: %q. The request counts as delivered; if this is not an OTLP receiver, correct --endpoint",
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

// judgeError tells failures that may pass from those that will not. The text of an error may contain what another program sent, so it is
// cleaned for the terminal; otlpanswer has cleaned the message of an answer already.
func (s *sender) judgeError(err error, t *Target) answer {
	a := answer{verdict: later, text: safetext.Clean(t.hide(err.Error()))}
	var (
		permanent   interface{ Permanent() bool }
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		name        *net.DNSError
		dial        *net.OpError
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		a.text = "no answer within " + s.Timeout.String()
	case errors.As(err, &permanent) && permanent.Permanent():
		a.verdict = hopeless
	case errors.As(err, &certificate):
		a.verdict, a.text = hopeless, a.text+"; name the certificate authority with --ca"
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		a.verdict, a.text = hopeless, a.text+"; if the receiver speaks plain HTTP, write http:// instead of https://"
	case strings.Contains(a.text, "malformed HTTP"):
		a.verdict, a.text = hopeless, "the answer is not HTTP; perhaps this is the port for gRPC (4317): OTLP over HTTP usually has port 4318"
	case errors.As(err, &name) && name.IsNotFound && !s.taken:
		a.verdict, a.text = hopeless, a.text+"; check --endpoint"
	case errors.As(err, &dial) && dial.Op == "dial" && !s.taken:
		a.text += "; is the receiver running? See --endpoint"
	}
	return a
}
