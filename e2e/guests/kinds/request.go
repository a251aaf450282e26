package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

func echo(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	w.Header().Set("X-Length", r.Header.Get("Content-Length"))
	n, err := io.Copy(w, r.Body)
	note.add("copied %d %v", n, err)
}

// request reports the request that the handler sees. Its trace context headers are those of the client.
func request(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	note.add("%s %s %s %q from %s", r.Method, r.URL.RequestURI(), r.Proto, r.Host, r.RemoteAddr)
	names := r.Header.Keys()
	slices.Sort(names)
	for _, name := range names {
		_, _ = fmt.Fprintf(w, "%s: %q\n", name, r.Header.Values(name))
	}
	meta, err := r.FastlyMeta()
	if err != nil {
		note.add("meta: %v", err)
		return
	}
	note.add("meta: %d %d", meta.SandboxRequests, len(meta.RequestID))
}

// contextKinds checks that the context is canceled after the request but not earlier, and has the values that a handler
// expects.
func contextKinds(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	_, hasDeadline := ctx.Deadline()
	note.add("deadline %t err %v", hasDeadline, ctx.Err())
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	<-short.Done()
	note.add("err %v then %v", short.Err(), ctx.Err())
	_, _ = io.WriteString(w, "context\n")
}

// background starts a goroutine that waits for the end of the request.
func background(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	started := make(chan struct{})
	go func() {
		close(started)
		<-ctx.Done()
	}()
	<-started
	note.add("%s", strings.Repeat("started", 1))
	_, _ = io.WriteString(w, "background\n")
}
