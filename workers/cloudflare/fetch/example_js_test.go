package fetch_test

import (
	"io"
	"net/http"

	"github.com/edgespan/edgespan/workers/cloudflare/fetch"
)

// The request is a span named "GET", a child of the served request's span. The other service gets the header traceparent.
func ExampleClient_Do() {
	http.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		req, err := fetch.NewRequest(r.Context(), http.MethodGet, "https://prices.example/7", nil)
		if err != nil {
			http.Error(w, "no request", http.StatusInternalServerError)
			return
		}
		resp, err := fetch.NewClient().Do(req, nil)
		if err != nil {
			http.Error(w, "no answer", http.StatusBadGateway)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		_, _ = io.Copy(w, resp.Body)
	})
}

// NewIncomingProperties returns what Cloudflare knows about a request. Package incoming records it on the request's span.
func ExampleNewIncomingProperties() {
	http.HandleFunc("GET /where", func(w http.ResponseWriter, r *http.Request) {
		from, err := fetch.NewIncomingProperties(r.Context())
		if err != nil {
			http.Error(w, "nobody knows", http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, from.Country)
	})
}
