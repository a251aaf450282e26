package main

import (
	"context"
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

func websocket(backend string) kind {
	return func(ctx context.Context, _ fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
		note.add("handed off %v", handoffWebsocket(ctx, r, backend))
	}
}

func websocketAfterWrite(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	_, _ = io.WriteString(w, "written first\n")
	note.add("handed off %v", handoffWebsocket(ctx, r, "backend"))
}

func websocketThenWrite(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	note.add("handed off %v", handoffWebsocket(ctx, r, "backend"))
	n, err := io.WriteString(w, "too late")
	note.add("wrote %d %v", n, err)
}

// fanout sends a response itself if the host does not support fanout.
func fanout(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	err := handoffFanout(ctx, r, "backend")
	note.add("handed off %v", err)
	if err != nil {
		fsthttp.Error(w, "no fanout", fsthttp.StatusServiceUnavailable)
	}
}

// The methods of the platform, whose calls the middleware does not see.

func plainWebsocket(_ context.Context, _ fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	note.add("handed off %v", r.HandoffWebsocket("backend"))
}

func plainFanout(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	err := r.HandoffFanout("backend")
	note.add("handed off %v", err)
	if err != nil {
		fsthttp.Error(w, "no fanout", fsthttp.StatusServiceUnavailable)
	}
}
