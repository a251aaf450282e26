package main

import (
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// route returns the template of the path that serves r, or "". Templates rather than paths make traces countable.
func route(r *fsthttp.Request) string {
	switch path := r.URL.Path; path {
	case "/", "/api/data", "/slow", "/stream", "/panic":
		return path
	default:
		if id, ok := strings.CutPrefix(path, "/api/items/"); ok && id != "" && !strings.Contains(id, "/") {
			return "/api/items/{id}"
		}
		return ""
	}
}
