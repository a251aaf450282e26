package main

import (
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// route returns the template of the path that serves r, or "". Templates rather than paths make traces countable.
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

// isID refuses what would be another path once it is part of a backend's: url.PathEscape leaves dots as they are.
func isID(id string) bool {
	return id != "" && id != "." && id != ".." && !strings.Contains(id, "/")
}

// lastOf returns the {id} of a route.
func lastOf(r *fsthttp.Request) string {
	return r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
}
