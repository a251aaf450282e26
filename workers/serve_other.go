//go:build !js

package workers

import (
	"net/http"

	"github.com/syumai/workers"
)

// Serve serves natively, for debugging: on port 9900, or $PORT.
func Serve(handler http.Handler) { workers.Serve(handler) }

// ServeNonBlock is for Workers, as are [Ready] and [Done].
func ServeNonBlock(handler http.Handler) { workers.ServeNonBlock(handler) }

// Ready is for Workers.
func Ready() { workers.Ready() }

// Done is for Workers.
func Done() <-chan struct{} { return workers.Done() }

func servesHere() bool { return true }

func waitUntil(task func()) { go task() }

// crash has nothing to do: net/http's server recovers.
func crash(any, *recorder) {}
