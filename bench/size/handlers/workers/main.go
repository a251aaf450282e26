//go:build js

// Command workers is the same Worker, traced.
package main

import (
	"fmt"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
)

func main() {
	tp := trace.NewTracerProvider(workers.FromEnv())
	http.HandleFunc("/", handle)
	workers.Serve(workers.New(tp)(http.DefaultServeMux))
}

func handle(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello ", r.URL.Path) }
