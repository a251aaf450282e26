//go:build tinygo

package middleware

import (
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// Adapt is [fsthttp.Adapt]. TinyGo's net/http does not tell which pattern matched, so use [Config.Route] or [SetRoute] to set
// the route.
func Adapt(h http.Handler) fsthttp.Handler { return fsthttp.Adapt(h) }
