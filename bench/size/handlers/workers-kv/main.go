//go:build js

// Command workers-kv is the same Worker with a span for each call to KV.
package main

import (
	"fmt"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
	"github.com/edgespan/edgespan/workers/cloudflare/kv"
)

func main() {
	tp := trace.NewTracerProvider(workers.FromEnv())
	http.HandleFunc("/", handle)
	workers.Serve(workers.New(tp)(http.DefaultServeMux))
}

func handle(w http.ResponseWriter, r *http.Request) {
	items, err := kv.NewNamespace(r.Context(), "ITEMS")
	if err != nil {
		return
	}
	value, _ := items.GetString(r.URL.Path, nil)
	fmt.Fprint(w, value)
}
