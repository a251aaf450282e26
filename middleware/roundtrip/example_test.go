package roundtrip_test

import (
	"context"
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/middleware/roundtrip"
)

// Code that uses http.Client, in a handler whose context carries the request's span.
func ExampleNewTransport() {
	transport := roundtrip.NewTransport("origin")
	transport.AddHostBackend("api.example", "api")
	client := &http.Client{Transport: transport}

	handle := func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		req, err := http.NewRequestWithContext(ctx, "GET", "https://api.example/items", nil)
		if err != nil {
			panic(err)
		}
		resp, err := client.Do(req) // the span lasts until the body is closed
		if err != nil {
			w.WriteHeader(fsthttp.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		w.WriteHeader(resp.StatusCode)
	}
	_ = handle
}
