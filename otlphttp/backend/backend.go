// Package backend carries otlphttp's requests to a backend of a Fastly Compute service.
//
//	exporter := otlphttp.New(otlphttp.Config{URL: "https://collector.example", Transport: backend.Named("collector")})
//
// The middleware exports when the client has its response, so nobody waits for the receiver but the sandbox.
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

// Transport is what [Named] and [Dynamic] return: an [otlphttp.Transport]. It describes the sandbox as the resource, as logendpoint does.
type Transport struct {
	name     string
	register func() error // nil where the backend is the service's
}

// Named returns the transport to a backend that the service has.
func Named(name string) *Transport { return &Transport{name: name} }

// DetectResource makes the provider describe the sandbox that it runs in.
func (t *Transport) DetectResource() []trace.Attribute { return fastlyenv.Resource() }

// Post sends r past the cache.
func (t *Transport) Post(ctx context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
	if t.register != nil {
		if err := t.register(); err != nil {
			return otlphttp.Response{}, otlphttp.Permanent(err)
		}
	}
	req, err := fsthttp.NewRequest("POST", r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return otlphttp.Response{}, otlphttp.Permanent(errURL) // its text would have the URL in it
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
	body, _ := io.ReadAll(io.LimitReader(inTime{ctx, resp.Body}, otlphttp.MaxResponse)) // the status says it all, also where the body breaks off
	_ = resp.Body.Close()
	return otlphttp.Response{
		Status:      resp.StatusCode,
		ContentType: resp.Header.Get("Content-Type"),
		RetryAfter:  resp.Header.Get("Retry-After"),
		Body:        body,
	}, nil
}

// inTime reads no further when the time of ctx is over: a body that comes byte by byte would keep the sandbox, which does nothing else
// meanwhile. It looks at the clock, since no timer fires while a sandbox waits for its host.
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

// pollInterval asks less and less often whether there is an answer: nobody waits for it, and asking takes time that is paid for.
func pollInterval(n int) time.Duration {
	return time.Duration(min(n+1, 25)) * time.Millisecond
}

var errURL = errors.New("the backend cannot be asked for Config.URL")
