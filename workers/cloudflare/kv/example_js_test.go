package kv_test

import (
	"io"
	"net/http"

	"github.com/edgespan/edgespan/workers/cloudflare/kv"
)

// The read is a span named "get ITEMS", a child of the request's span.
func ExampleNewNamespace() {
	http.HandleFunc("GET /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		items, err := kv.NewNamespace(r.Context(), "ITEMS") // was kv.NewNamespace("ITEMS")
		if err != nil {
			http.Error(w, "no namespace", http.StatusInternalServerError)
			return
		}
		name, err := items.GetString(r.PathValue("id"), nil)
		if err != nil {
			http.Error(w, "no answer", http.StatusBadGateway)
			return
		}
		_, _ = io.WriteString(w, name)
	})
}
