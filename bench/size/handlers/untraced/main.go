// Command untraced is the handler without tracing. The other handlers are compared with it.
package main

import (
	"context"
	"fmt"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() { fsthttp.ServeFunc(handle) }

func handle(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(w, "hello from %s\n", r.URL.Path)
}
