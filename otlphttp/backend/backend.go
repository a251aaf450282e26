// Package backend sends the requests of package otlphttp to a backend of a Fastly Compute service.
//
//	exporter := otlphttp.New(otlphttp.Config{URL: "https://collector.example", Transport: backend.Named("collector")})
//
// The middleware exports after the client has its response, so only the sandbox waits for the receiver.
package backend

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/fastlyenv"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Transport is an [otlphttp.Transport]. [Named] and [Dynamic] make it. Like package logendpoint, it makes the sandbox the
// resource of the traces.
type Transport struct {
	name     string
	register func() error // nil for a backend that the service has
}

// Named returns the transport to a backend that the service has.
func Named(name string) *Transport { return &Transport{name: name} }

// DetectResource returns the resource attributes of the sandbox, see package fastlyenv. The provider adds them to its resource.
func (t *Transport) DetectResource() []trace.Attribute { return fastlyenv.Resource() }

// Post sends r, bypassing the cache.
func (t *Transport) Post(ctx context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
	if t.register != nil {
		if err := t.register(); err != nil {
			return otlphttp.Response{}, otlphttp.Permanent(err)
		}
	}
	req, err := fsthttp.NewRequest("POST", r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return otlphttp.Response{}, otlphttp.Permanent(errURL) // the text of err would contain the URL
	}
	req.Header.Set("User-Agent", otlphttp.UserAgent)
	for _, h := range r.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	req.CacheOptions.Pass = true
	req.SendPollIntervalFn = pollInterval
	resp, err := req.Send(ctx, t.name)
	if err != nil {
		if errors.Is(err, fsthttp.ErrBackendNotFound) {
			err = otlphttp.Permanent(err)
		}
		return otlphttp.Response{}, err
	}
	body, _ := io.ReadAll(io.LimitReader(inTime{ctx, resp.Body}, otlphttp.MaxResponse)) // the status decides, also if the body breaks off
	_ = resp.Body.Close()
	return otlphttp.Response{
		Status:      resp.StatusCode,
		ContentType: resp.Header.Get("Content-Type"),
		RetryAfter:  resp.Header.Get("Retry-After"),
		Body:        body,
	}, nil
}

// inTime stops reading at the deadline of ctx. A body that arrives byte by byte would otherwise occupy the sandbox, which does
// nothing else meanwhile. inTime compares with the clock, because no timer fires while a sandbox waits for its host.
type inTime struct {
	ctx context.Context
	io.Reader
}

func (r inTime) Read(p []byte) (int, error) {
	if deadline, ok := r.ctx.Deadline(); ok && time.Now().After(deadline) {
		return 0, context.DeadlineExceeded
	}
	return r.Reader.Read(p)
}

// pollInterval lets fsthttp ask less and less often whether the response has arrived. Nobody waits for it, and asking takes CPU
// time, which is paid for.
func pollInterval(n int) time.Duration {
	return time.Duration(min(n+1, 25)) * time.Millisecond
}

var errURL = errors.New("Config.URL is not a URL that a backend can be asked for")
