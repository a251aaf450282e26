package main

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

func greet(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	_, span := trace.Start(ctx, "greet")
	defer span.End()
	name := r.URL.Query().Get("name")
	if name == "" {
		name = "edge"
	}
	span.SetAttributes(trace.Int("example.name.length", len(name)))
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "Hello, "+name+"!\n")
}

func data(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	resp, err := get(ctx, "backend", "/data")
	if err != nil {
		fsthttp.Error(w, "The backend does not answer.", fsthttp.StatusBadGateway)
		return
	}
	passOn(ctx, w, resp)
}

// passOn passes a backend's response on: its status, its content type, and its body without reading it.
func passOn(ctx context.Context, w fsthttp.ResponseWriter, resp *fsthttp.Response) {
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	w.WriteHeader(resp.StatusCode)
	if err := w.Append(resp.Body); err != nil {
		trace.SpanFromContext(ctx).RecordError(err)
	}
}

// item sends requests to two backends at the same time. Each has its own span. The responses may arrive in any order.
func item(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	id := lastOf(r)
	trace.SpanFromContext(ctx).SetAttributes(trace.String("example.item.id", id))

	type answer struct {
		body []byte
		err  error
	}
	details, stock := make(chan answer, 1), make(chan answer, 1)
	ask := func(name, backend, path string, to chan<- answer) {
		body, err := fetch(ctx, name, backend, path)
		to <- answer{body, err}
	}
	path := url.PathEscape(id) // the client must not choose another path at the backend
	go ask("item.details", "backend", "/items/"+path, details)
	go ask("item.stock", "inventory", "/stock/"+path, stock)
	d, s := <-details, <-stock

	if d.err != nil || s.err != nil {
		fsthttp.Error(w, "A backend does not answer.", fsthttp.StatusBadGateway)
		return
	}
	_, span := trace.Start(ctx, "render")
	defer span.End()
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"item":`+string(d.body)+`,"stock":`+string(s.body)+"}\n")
}

// fetch reads a backend's response to its end, in a span that lasts as long.
func fetch(ctx context.Context, name, backend, path string) ([]byte, error) {
	ctx, span := trace.Start(ctx, name)
	defer span.End()
	resp, err := get(ctx, backend, path)
	if err != nil {
		span.SetStatus(trace.StatusError, err.Error())
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != fsthttp.StatusOK {
		span.SetStatus(trace.StatusError, "the backend says "+strconv.Itoa(resp.StatusCode))
		return nil, errors.New("status " + strconv.Itoa(resp.StatusCode))
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		span.RecordError(err)
		span.SetStatus(trace.StatusError, "reading the answer")
		return nil, err
	}
	return []byte(strings.TrimSpace(string(body))), nil
}

func get(ctx context.Context, backend, path string) (*fsthttp.Response, error) {
	req, err := backendRequest(backend, path)
	if err != nil {
		return nil, err
	}
	return middleware.Send(ctx, req, backend)
}

// backendRequest returns a request that bypasses the platform's cache.
func backendRequest(backend, path string) (*fsthttp.Request, error) {
	req, err := fsthttp.NewRequest(fsthttp.MethodGet, "http://"+backend+path, nil)
	if err != nil {
		return nil, err
	}
	req.CacheOptions.Pass = true
	return req, nil
}

// slow takes as many milliseconds as ?ms=300 says, to try keep rules with.
func slow(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	_, span := trace.Start(ctx, "work")
	defer span.End()
	ms, err := strconv.Atoi(r.URL.Query().Get("ms"))
	if err != nil || ms < 0 || ms > 10_000 {
		ms = 300
	}
	time.Sleep(time.Duration(ms) * time.Millisecond)
	_, _ = io.WriteString(w, "That took "+strconv.Itoa(ms)+" ms.\n")
}

// stream sends its body in five pieces. The client gets the first one long before the last is made.
func stream(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	span := trace.SpanFromContext(ctx)
	for i := 1; i <= 5; i++ {
		if _, err := io.WriteString(w, "piece "+strconv.Itoa(i)+" of 5\n"); err != nil {
			span.RecordError(err)
			return
		}
		span.AddEvent("piece", trace.Int("example.piece", i))
		time.Sleep(20 * time.Millisecond)
	}
}
