//go:build js

// A Worker without tracing.
package main

import (
	"fmt"
	"net/http"

	"github.com/syumai/workers"
)

func main() { workers.Serve(http.HandlerFunc(handle)) }

func handle(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello ", r.URL.Path) }
