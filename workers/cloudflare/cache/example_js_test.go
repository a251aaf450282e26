package cache_test

import (
	"errors"
	"io"
	"net/http"

	"github.com/edgespan/edgespan/workers/cloudflare/cache"
)

// The cache lookup is a span named "cache match", a child of the span in the request's context.
func ExampleNew() {
	http.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		cached, err := cache.New().Match(r, nil)
		if errors.Is(err, cache.ErrCacheNotFound) {
			_, _ = io.WriteString(w, "made anew")
			return
		}
		if err != nil {
			http.Error(w, "no answer", http.StatusBadGateway)
			return
		}
		_, _ = io.Copy(w, cached.Body)
	})
}
