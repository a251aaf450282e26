//go:build !tinygo

package middleware

import "github.com/fastly/compute-sdk-go/fsthttp"

// serve calls the handler, and then end, also if the handler panics or ends its goroutine.
func (x *exchange) serve(next fsthttp.Handler) {
	returned := false
	defer func() {
		if returned {
			x.end(true, nil)
			return
		}
		v := recover() // nil if the goroutine is ending by runtime.Goexit
		x.end(false, v)
		if v != nil {
			panic(v)
		}
	}()
	next.ServeHTTP(x.ctx, &x.w, x.r)
	returned = true
}
