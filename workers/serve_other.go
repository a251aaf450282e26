//go:build !js

package workers

import (
	"net/http"

	"github.com/syumai/workers"
)

// Serve serves requests with net/http, for debugging. It listens on port 9900, or on $PORT.
func Serve(handler http.Handler) { workers.Serve(handler) }

// ServeNonBlock panics outside of Workers, as do [Ready] and [Done].
func ServeNonBlock(handler http.Handler) { workers.ServeNonBlock(handler) }

// Ready panics outside of Workers.
func Ready() { workers.Ready() }

// Done panics outside of Workers.
func Done() <-chan struct{} { return workers.Done() }

func servesWithThisPackage() bool { return true }

func waitUntil(task func()) { go task() }

// crash does nothing: net/http's server recovers the panic.
func crash(any, *recorder) {}
