//go:build js

package main

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// handleResponses adds handlers that send responses in different ways, or none.
func handleResponses(mux *http.ServeMux) {
	mux.HandleFunc("/hello/{name}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello ", r.PathValue("name")) })
	mux.HandleFunc("/stream", stream)
	mux.HandleFunc("/stream/accepted", func(w http.ResponseWriter, r *http.Request) {
		stream(w, r)
		w.WriteHeader(http.StatusAccepted) // syumai/workers sends a stream, and the status before it, when the handler has returned
	})
	mux.HandleFunc("/status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.PathValue("code"))
		w.WriteHeader(code)
	})
	mux.HandleFunc("/written/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.PathValue("code"))
		w.WriteHeader(code)
		for range 3 {
			fmt.Fprint(w, "some text")
		}
	})
	mux.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic("boom") })
	mux.HandleFunc("/panic/later", func(http.ResponseWriter, *http.Request) {
		time.Sleep(time.Millisecond)
		panic("boom later")
	})
	mux.HandleFunc("/panic/after", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "a part")
		panic("boom after")
	})
	mux.HandleFunc("/panic/stream", func(w http.ResponseWriter, r *http.Request) {
		stream(w, r)
		panic("boom behind a stream")
	})
}
