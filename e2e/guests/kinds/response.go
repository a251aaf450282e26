package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

func plain(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, note notes) {
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Add("X-List", "one")
	w.Header().Add("X-List", "two")
	n, err := io.WriteString(w, r.Method+" plain\n")
	note.add("wrote %d %v", n, err)
}

func headersOnly(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	w.Header().Set("X-Set", "yes")
}

func statusOnly(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	w.Header().Set("X-Set", "yes")
	w.WriteHeader(fsthttp.StatusAccepted)
}

func justStatus(status int) kind {
	return func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
		w.WriteHeader(status)
		n, err := fmt.Fprintf(w, "status %d\n", status)
		note.add("wrote %d %v", n, err)
	}
}

func twoStatuses(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	w.WriteHeader(fsthttp.StatusCreated)
	w.WriteHeader(fsthttp.StatusInternalServerError)
	n, err := io.WriteString(w, "created\n")
	note.add("wrote %d %v", n, err)
}

func statusAfterWrite(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	_, _ = io.WriteString(w, "body\n")
	w.WriteHeader(fsthttp.StatusTeapot)
}

// bodyless sends a status that has no body, and writes one anyway. The Write may fail or succeed, since the host may have
// dropped the body already.
func bodyless(status int, body string) kind {
	return func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
		w.WriteHeader(status)
		if body != "" {
			_, _ = io.WriteString(w, body)
		}
	}
}

func emptyWrite(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	n, err := w.Write(nil)
	note.add("wrote %d %v", n, err)
}

func hints(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	w.Header().Set("Link", "</style.css>; rel=preload; as=style")
	w.WriteHeader(fsthttp.StatusEarlyHints)
	w.Header().Del("Link")
	w.Header().Set("X-Final", "yes")
	w.WriteHeader(fsthttp.StatusOK)
	_, _ = io.WriteString(w, "after hints\n")
}

func hintsAlone(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	w.Header().Set("Link", "</style.css>; rel=preload; as=style")
	w.WriteHeader(fsthttp.StatusEarlyHints)
}

func hintsTwice(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	w.Header().Set("Link", "</one.css>; rel=preload; as=style")
	w.WriteHeader(fsthttp.StatusEarlyHints)
	w.Header().Set("Link", "</two.css>; rel=preload; as=style")
	w.WriteHeader(fsthttp.StatusEarlyHints)
	w.WriteHeader(fsthttp.StatusNotFound)
	_, _ = io.WriteString(w, "after two hints\n")
}

func declaredTrailers(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	w.Header().Set("Trailer", "X-Sum")
	_, _ = io.WriteString(w, "body\n")
	w.Header().Set("X-Sum", "42")
	w.Header().Set("X-Undeclared", "not sent")
}

func prefixedTrailers(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	_, _ = io.WriteString(w, "body\n")
	w.Header()[fsthttp.TrailerPrefix+"X-Sum"] = []string{"42"}
}

func closeEarly(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	_, _ = io.WriteString(w, "closed early\n")
	note.add("closed %v", w.Close())
	pause()
	n, err := io.WriteString(w, "too late")
	note.add("wrote %d %v", n, err)
	w.WriteHeader(fsthttp.StatusInternalServerError)
}

func closeTwice(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	_, _ = io.WriteString(w, "closed twice\n")
	note.add("closed %v", w.Close())
	note.add("closed %v", w.Close())
}

func closeUntouched(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	note.add("closed %v", w.Close())
}

// manualFraming sends a body of four bytes with framing headers of its own.
func manualFraming(length string) kind {
	return func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
		w.SetManualFramingMode(true)
		if length != "" {
			w.Header().Set("Content-Length", length)
		}
		n, err := io.WriteString(w, "body")
		note.add("wrote %d %v", n, err)
		note.add("closed %v", w.Close())
	}
}

// large sends 5 MB in pieces of an odd size.
func large(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	const size, piece = 5 << 20, 61_001
	text := strings.Repeat("0123456789abcdef", piece/16+1)[:piece]
	sent := 0
	for sent < size {
		n, err := io.WriteString(w, text[:min(piece, size-sent)])
		sent += n
		if err != nil {
			note.add("%v after %d", err, sent)
			return
		}
	}
	note.add("wrote %d", sent)
}

func pieces(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	for i := range 5 {
		_, _ = fmt.Fprintf(w, "piece %d\n", i)
		pause()
	}
}

func invalid(status int) kind {
	return func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
		w.WriteHeader(status)
		n, err := io.WriteString(w, "body\n")
		note.add("wrote %d %v", n, err)
		note.add("closed %v", w.Close())
	}
}

// oddHeaders sets values that a response cannot carry unchanged.
func oddHeaders(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, _ notes) {
	w.Header().Set("X-Newline", "one\r\ntwo: 2")
	w.Header().Set("X-Empty", "")
	w.Header().Set("X-Latin", "caf\xe9")
	w.Header()["x-lower"] = []string{"as it is"}
	w.Header().Set("Set-Cookie", "a=1")
	w.Header().Add("Set-Cookie", "b=2")
	_, _ = io.WriteString(w, "odd headers\n")
}

func lateHeaders(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request, note notes) {
	w.Header().Set("X-Early", "sent")
	_, _ = io.WriteString(w, "body\n")
	w.Header().Set("X-Late", "not sent")
	note.add("%v", w.Header())
}
