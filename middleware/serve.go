//go:build !tinygo

package middleware

import "github.com/fastly/compute-sdk-go/fsthttp"

// serve is the way of one request from its handler on. What comes after the handler is in end, also when it panics.
func (x *exchange) serve(next fsthttp.Handler) {
	returned := false
	defer func() {
		if returned {
			x.end(true, nil)
			return
		}
		v := recover() // nil where the goroutine is ending
		x.end(false, v)
		if v != nil {
			panic(v)
		}
	}()
	next.ServeHTTP(x.ctx, &x.w, x.r)
	returned = true
}
