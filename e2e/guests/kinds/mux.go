package main

import (
	"fmt"
	"io"
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// mux is a service that was written for net/http.
var mux = adapt(newMux())

func newMux() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /mux/items/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Id", r.PathValue("id"))
		_, _ = fmt.Fprintf(w, "item %s of %s\n", r.PathValue("id"), r.URL.Path)
	})
	m.HandleFunc("POST /mux/echo", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	})
	m.HandleFunc("/mux/tree/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	m.HandleFunc("/mux/panic", func(http.ResponseWriter, *http.Request) { panic("in the mux") })
	m.HandleFunc("/mux/context", func(w http.ResponseWriter, r *http.Request) {
		own, ok := fsthttp.ResponseWriterFromContext(r.Context()), fsthttp.RequestFromContext(r.Context())
		_, _ = fmt.Fprintf(w, "%t %t\n", own != nil, ok != nil)
	})
	m.HandleFunc("/mux/error", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "broken", http.StatusInternalServerError)
	})
	return m
}
