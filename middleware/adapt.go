//go:build !tinygo

package middleware

import (
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
)

// Adapt is [fsthttp.Adapt], and also records the pattern of net/http's ServeMux as the request's route. If the handler calls
// [SetRoute], that route is used instead.
//
// A ServeMux writes the pattern into the request that it gets. A middleware between Adapt and the mux that passes on a copy of
// the request, such as one made by [http.Request.WithContext], hides the pattern from Adapt. In that case call
// SetRoute(r.Context(), …) in the handler.
func Adapt(h http.Handler) fsthttp.Handler {
	return fsthttp.Adapt(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if x := exchangeFrom(r.Context()); x != nil {
			x.routed = false
			defer func() { // deferred, because the mux has set the pattern even if its handler panics
				if route := httpconv.PatternPath(r.Pattern); route != "" && !x.routed {
					x.setRoute(route)
				}
			}()
		}
		h.ServeHTTP(w, r)
	}))
}
