//go:build js

// Command workers-untraced is a Worker without tracing.
package main

import (
	"fmt"
	"net/http"

	"github.com/syumai/workers"
)

func main() {
	http.HandleFunc("/", handle)
	workers.Serve(nil)
}

func handle(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello ", r.URL.Path) }
