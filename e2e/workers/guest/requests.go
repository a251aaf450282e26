//go:build js

package main

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/cloudflare"
	"github.com/edgespan/edgespan/workers/cloudflare/fetch"
)

// fetched sends three requests to ORIGIN, and responds with the traceparents that it received.
func fetched(w http.ResponseWriter, r *http.Request) error {
	origin := cloudflare.Getenv("ORIGIN")
	for _, path := range []string{"/traceparent?token=hunter2", "/traceparent?context=none"} {
		req, err := fetch.NewRequest(r.Context(), "GET", origin+path, nil)
		if err != nil {
			return err
		}
		resp, err := fetch.NewClient().Do(req, nil)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, string(text))
	}
	req, err := http.NewRequestWithContext(r.Context(), "GET", origin+"/missing", nil)
	if err != nil {
		return err
	}
	resp, err := fetch.NewClient().HTTPClient(fetch.RedirectModeManual).Do(req)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, resp.StatusCode)
	return nil
}

// work has two spans: one during which a clock that stands still cannot advance, and one that waits for the origin.
func work(w http.ResponseWriter, r *http.Request) error {
	_, span := trace.Start(r.Context(), "compute")
	x := 0
	for i := range 1_000_000 {
		x += i
	}
	span.SetAttributes(trace.Int("x", x))
	span.End()
	ctx, span := trace.Start(r.Context(), "wait")
	defer span.End()
	req, err := fetch.NewRequest(ctx, "GET", cloudflare.Getenv("ORIGIN")+"/slow", nil)
	if err != nil {
		return err
	}
	if _, err := fetch.NewClient().Do(req, nil); err != nil {
		return err
	}
	fmt.Fprint(w, "ok")
	return nil
}

// later continues after the response has been sent.
func later(w http.ResponseWriter, r *http.Request) error {
	ctx, span := trace.Start(r.Context(), "afterwards")
	cloudflare.WaitUntil(func() {
		defer span.End()
		time.Sleep(100 * time.Millisecond)
		req, err := fetch.NewRequest(ctx, "GET", cloudflare.Getenv("ORIGIN")+"/slow", nil)
		if err == nil {
			_, err = fetch.NewClient().Do(req, nil)
		}
		if err != nil {
			span.RecordError(err)
		}
	})
	fmt.Fprint(w, "ok")
	return nil
}

// stream passes on a body without copying it through Go.
func stream(w http.ResponseWriter, r *http.Request) {
	req, err := fetch.NewRequest(r.Context(), "GET", cloudflare.Getenv("ORIGIN")+"/long", nil)
	if err != nil {
		panic(err)
	}
	resp, err := fetch.NewClient().Do(req, nil)
	if err != nil {
		panic(err)
	}
	_, _ = io.Copy(w, resp.Body)
}
