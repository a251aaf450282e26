package r2_test

import (
	"io"
	"net/http"

	"github.com/edgespan/edgespan/workers/cloudflare/r2"
)

// The read is a span named "get FILES", a child of the request's span.
func ExampleNewBucket() {
	http.HandleFunc("GET /files/{name}", func(w http.ResponseWriter, r *http.Request) {
		files, err := r2.NewBucket(r.Context(), "FILES") // was r2.NewBucket("FILES")
		if err != nil {
			http.Error(w, "no bucket", http.StatusInternalServerError)
			return
		}
		file, err := files.Get(r.PathValue("name"))
		if err != nil {
			http.Error(w, "no such file", http.StatusNotFound)
			return
		}
		_, _ = io.Copy(w, file.Body)
	})
}
