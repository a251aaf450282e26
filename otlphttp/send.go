package otlphttp

import (
	"context"
	"time"

	"github.com/edgespan/edgespan/internal/otlpanswer"
	"github.com/edgespan/edgespan/sdk/batch"
)

// send sends lines, until a request has to be tried again. spans has the number of spans in each line. It goes on after lines
// that are refused for good, and returns the first error.
func (e *Exporter) send(ctx context.Context, lines [][]byte, spans []int) (r batch.Result) {
	for r.Lines < len(lines) {
		body, n := join(nil, lines[r.Lines:], e.config.MaxBody)
		total := 0
		for _, s := range spans[r.Lines : r.Lines+n] {
			total += s
		}
		o, rejected, wait, err := e.post(ctx, body, total)
		r.Err = first(r.Err, err)
		if o == otlpanswer.Later {
			r.RetryAfter, r.Untried = wait, len(lines)-r.Lines-n
			if isPermanent(err) { // the failure does not depend on any line
				r.Untried += n
			}
			return r
		}
		r.Lines += n
		r.Rejected += rejected
	}
	return r
}

// post makes one request, and counts it.
func (e *Exporter) post(ctx context.Context, body []byte, spans int) (o otlpanswer.Outcome, rejected int, wait time.Duration, err error) {
	if e.bad != nil {
		return otlpanswer.Later, 0, 0, e.bad
	}
	req := Request{URL: e.url, Headers: e.headers, Body: body}
	if e.config.Gzip != nil {
		e.compress(&req)
	}
	resp, err := e.roundTrip(ctx, &req)
	if err != nil {
		o, err = otlpanswer.Later, &sendError{err}
	} else if o, rejected, err = judge(&resp, spans, e.hide); o == otlpanswer.Later {
		wait = otlpanswer.RetryAfter(resp.RetryAfter, time.Now())
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats.Requests++
	e.stats.Bytes += uint64(len(req.Body))
	if o != otlpanswer.Taken {
		e.stats.Failures++
	}
	if o != otlpanswer.Later {
		e.stats.Spans += uint64(spans - rejected)
		e.stats.RejectedSpans += uint64(rejected)
	}
	return o, rejected, wait, e.redact(err)
}

// compress compresses the body, or else removes the header Content-Encoding.
func (e *Exporter) compress(r *Request) {
	defer func() {
		if recover() != nil {
			r.Headers = plain(e.headers)
		}
	}()
	if small, err := e.config.Gzip(r.Body); err == nil {
		r.Body = small
	} else {
		r.Headers = plain(e.headers)
	}
}

// plain returns the headers without Content-Encoding, which is the second.
func plain(headers []Header) []Header {
	return append([]Header{headers[0]}, headers[2:]...)
}

func (e *Exporter) roundTrip(ctx context.Context, r *Request) (resp Response, err error) {
	defer func() {
		if v := recover(); v != nil {
			resp, err = Response{}, &panicError{v}
		}
	}()
	return e.config.Transport.Post(ctx, r)
}
