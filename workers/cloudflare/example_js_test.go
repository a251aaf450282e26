package cloudflare_test

import (
	"io"
	"net/http"

	"github.com/edgespan/edgespan/workers/cloudflare"
)

// The Durable Object gets the trace's context in the header traceparent.
func ExampleNewDurableObjectNamespace() {
	http.HandleFunc("GET /counter", func(w http.ResponseWriter, r *http.Request) {
		counters, err := cloudflare.NewDurableObjectNamespace("COUNTERS")
		if err != nil {
			http.Error(w, "no namespace", http.StatusInternalServerError)
			return
		}
		counter, err := counters.Get(counters.IdFromName("all"))
		if err != nil {
			http.Error(w, "no counter", http.StatusInternalServerError)
			return
		}
		resp, err := counter.Fetch(r)
		if err != nil {
			http.Error(w, "no answer", http.StatusBadGateway)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		_, _ = io.Copy(w, resp.Body)
	})
}
