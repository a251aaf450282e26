package main

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// Handlers that do not return.

func panicAfter(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	_, _ = io.WriteString(w, "half")
	pause()
	panic("after")
}

func panicClosed(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	_, _ = io.WriteString(w, "whole\n")
	_ = w.Close()
	panic("closed")
}

func panicStatus(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	w.WriteHeader(fsthttp.StatusCreated)
	pause()
	panic("status")
}

func panicError(context.Context, fsthttp.ResponseWriter, *fsthttp.Request, notes) {
	panic(errors.New("an error"))
}

func panicRuntime(_ context.Context, _ fsthttp.ResponseWriter, r *fsthttp.Request, _ notes) {
	_ = r.Header.Values("X-Absent")[0]
}

func goexit(context.Context, fsthttp.ResponseWriter, *fsthttp.Request, notes) { runtime.Goexit() }

func exit(context.Context, fsthttp.ResponseWriter, *fsthttp.Request, notes) { os.Exit(3) }
