package main

import (
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// route returns the template of the path that serves r, or "". A template has few different values, so traces can be grouped by
// it.
func route(r *fsthttp.Request) string {
	switch path := r.URL.Path; path {
	case "/", "/api/data", "/api/report", "/api/orders", "/healthz", "/slow", "/stream", "/panic":
		return path
	default:
		for _, below := range []string{"/api/items/", "/api/products/", "/api/prices/"} {
			if id, ok := strings.CutPrefix(path, below); ok && isID(id) {
				return below + "{id}"
			}
		}
		return ""
	}
}

// isID rejects ids that would lead to another path at a backend. url.PathEscape does not escape dots.
func isID(id string) bool {
	return id != "" && id != "." && id != ".." && !strings.Contains(id, "/")
}

// lastOf returns the value of {id} in the request's path.
func lastOf(r *fsthttp.Request) string {
	return r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
}
