//go:build !tinygo

package middleware

import (
	"net/http"
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// Adapt is fsthttp.Adapt with the pattern of net/http's ServeMux as the request's route.
func Adapt(h http.Handler) fsthttp.Handler {
	return fsthttp.Adapt(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { // the mux has set the pattern before its handler may panic
			if route := patternPath(r.Pattern); route != "" {
				SetRoute(r.Context(), route)
			}
		}()
		h.ServeHTTP(w, r)
	}))
}

// patternPath returns the path of "[METHOD ][HOST]/[PATH]".
func patternPath(pattern string) string {
	if i := strings.IndexByte(pattern, '/'); i >= 0 {
		return pattern[i:]
	}
	return ""
}
