//go:build !tinygo

package middleware

import (
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
)

// Adapt is [fsthttp.Adapt] with the pattern of net/http's ServeMux as the request's route, unless the handler calls [SetRoute].
//
// A ServeMux writes the pattern into the request that it gets. Middleware between Adapt and the mux that passes on a copy, as
// [http.Request.WithContext] makes one, hides it: there, call SetRoute(r.Context(), …) below the mux.
func Adapt(h http.Handler) fsthttp.Handler {
	return fsthttp.Adapt(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if x := exchangeFrom(r.Context()); x != nil {
			x.routed = false
			defer func() { // the mux has set the pattern before its handler may panic
				if route := httpconv.PatternPath(r.Pattern); route != "" && !x.routed {
					x.setRoute(route)
				}
			}()
		}
		h.ServeHTTP(w, r)
	}))
}
