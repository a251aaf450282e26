//go:build js

// Command workers-kv-untraced is a traced Worker that reads a KV namespace without spans for it.
package main

import (
	"fmt"
	"net/http"

	"github.com/syumai/workers/cloudflare/kv"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
)

func main() {
	tp := trace.NewTracerProvider(workers.FromEnv())
	http.HandleFunc("/", handle)
	workers.Serve(workers.New(tp)(http.DefaultServeMux))
}

func handle(w http.ResponseWriter, r *http.Request) {
	items, err := kv.NewNamespace("ITEMS")
	if err != nil {
		return
	}
	value, _ := items.GetString(r.URL.Path, nil)
	fmt.Fprint(w, value)
}
