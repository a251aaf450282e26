package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

func newRequest(method, path string, body io.Reader) *fsthttp.Request {
	req, err := fsthttp.NewRequest(method, "http://asked.example"+path, body)
	if err != nil {
		panic(err)
	}
	req.CacheOptions.Pass = true
	return req
}

// appendBody sends the body of a backend's response without reading it, with text before and after it.
func appendBody(path, before, after string) kind {
	return func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
		req := newRequest("GET", path, nil)
		req.Header.Set("X-Test", r.Header.Get("X-Test"))
		resp, err := send(ctx, req, "backend")
		if err != nil {
			fsthttp.Error(w, "no answer", fsthttp.StatusBadGateway)
			return
		}
		if encoding := resp.Header.Get("Content-Encoding"); encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
		}
		if before != "" {
			_, _ = io.WriteString(w, before)
		}
		note.add("appended %v", w.Append(resp.Body))
		if after != "" {
			n, err := io.WriteString(w, after)
			note.add("wrote %d %v", n, err)
		}
	}
}

// appendForeign appends a body that is not one of the platform.
func appendForeign(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	note.add("appended %v", w.Append(io.NopCloser(strings.NewReader("foreign"))))
	_, _ = io.WriteString(w, "written\n")
}

func backendTrailers(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	resp, err := send(ctx, newRequest("GET", "/trailers", nil), "backend")
	if err != nil {
		fsthttp.Error(w, "no answer", fsthttp.StatusBadGateway)
		return
	}
	_, err = io.Copy(w, resp.Body)
	note.add("copied %v", err)
	trailers, err := resp.Trailers()
	note.add("trailers %v %v", trailers, err)
}

// passOn sends the request's own body to a backend, which echoes it.
func passOn(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	req := newRequest("POST", "/echo", nil)
	req.Header = r.Header.Clone() // including traceparent
	req.SetBody(r.Body)
	resp, err := send(ctx, req, "backend")
	if err != nil {
		note.add("sent %v", err)
		fsthttp.Error(w, "no answer", fsthttp.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	note.add("appended %v", w.Append(resp.Body))
}

// backendHeaders checks that sending a request does not change the caller's headers.
func backendHeaders(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	req := newRequest("GET", "/data", nil)
	req.Header.Set("X-Own", "kept")
	req.Header.Set("X-Test", r.Header.Get("X-Test"))
	before := fmt.Sprint(req.Header)
	_, err := send(ctx, req, "backend")
	note.add("sent %v, headers as before: %t", err, fmt.Sprint(req.Header) == before)
	_, _ = io.WriteString(w, "sent\n")
}

func backendTwice(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	for range 2 {
		req := newRequest("GET", "/data", nil)
		req.Header = r.Header // the client's own map, not a copy
		resp, err := send(ctx, req, "backend")
		if err != nil {
			note.add("sent %v", err)
			continue
		}
		_, err = io.Copy(w, resp.Body)
		note.add("copied %v", err)
	}
	note.add("traceparents %d", len(r.Header.Values("Traceparent")))
}

func backendFails(backend, path string) kind {
	return func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
		_, err := send(ctx, newRequest("GET", path, nil), backend)
		note.add("sent %v", err)
		fsthttp.Error(w, "no answer", fsthttp.StatusBadGateway)
	}
}

func backendCached(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	for range 2 {
		req := newRequest("GET", "/cached/"+r.Header.Get("X-Test"), nil)
		req.CacheOptions.Pass = false
		resp, err := send(ctx, req, "backend")
		if err != nil {
			note.add("sent %v", err)
			continue
		}
		_, err = io.Copy(io.Discard, resp.Body)
		note.add("read %v from cache %t", err, resp.FromCache())
		_ = resp.Body.Close()
	}
	_, _ = io.WriteString(w, "cached\n")
}

func backendUnread(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	_, err := send(ctx, newRequest("GET", "/gzip", nil), "backend")
	note.add("sent %v", err)
	_, _ = io.WriteString(w, "unread\n")
}
