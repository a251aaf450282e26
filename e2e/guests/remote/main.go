// Command remote is a service whose tracing is configured by a config store. The first element of the path is the key of the
// document that applies to the request. Below "nostore" the store does not exist. The compiled-in settings sample every
// request. A sandbox serves many requests.
package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/remoteconfig"
	"github.com/edgespan/edgespan/sdk/trace"
)

var (
	endpoint = logendpoint.Open("otlp_logs")
	services = map[string]*service{}
	sandbox  = strconv.FormatInt(time.Now().UnixNano(), 36) // identifies this sandbox
)

// service is the handler with the settings of one key.
type service struct {
	remote *remoteconfig.Remote
	handle fsthttp.HandlerFunc
}

func main() {
	fsthttp.ServeMany(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		key, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		s := services[key]
		if s == nil {
			s = newService(key)
			services[key] = s
		}
		s.handle(ctx, w, r)
	}, &fsthttp.ServeManyOptions{NextTimeout: 5 * time.Second, MaxRequests: 100})
}

func newService(key string) *service {
	config := remoteconfig.Config{Source: remoteconfig.ConfigStore("tracing"), Key: key}
	if key == "nostore" {
		config.Source = remoteconfig.ConfigStore("none")
	}
	if key == "changes" {
		config.Source, config.Refresh = remoteconfig.ConfigStore("changing"), time.Nanosecond
	}
	s := &service{remote: remoteconfig.New(config)}
	tp := trace.NewTracerProvider(s.remote.Trace(trace.Config{ServiceName: "remote", Exporter: endpoint}))
	s.handle = middleware.New(tp, s.remote.Middleware(middleware.Config{
		Route:          func(r *fsthttp.Request) string { return r.URL.Path },
		RequestHeaders: []string{"X-Compiled"},
	}))(fsthttp.HandlerFunc(s.serve))
	return s
}

// serve takes ?ms milliseconds and responds with ?status. The body says whether the request is traced, and how often the
// document has been read.
func (s *service) serve(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	q := r.URL.Query()
	if ms, _ := strconv.Atoi(q.Get("ms")); ms > 0 {
		time.Sleep(time.Duration(ms) * time.Millisecond)
	}
	w.Header().Set("X-Sandbox", sandbox)
	w.Header().Set("X-Answer", "42")
	if status, _ := strconv.Atoi(q.Get("status")); status > 0 {
		w.WriteHeader(status)
	}
	_, child := trace.Start(ctx, "child")
	child.End()
	_, _ = fmt.Fprintln(w, trace.SpanFromContext(ctx) != nil, s.remote.Stats().Reads, r.Header.Get("Traceparent"))
}
