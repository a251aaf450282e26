// Command untraced is the service without tracing.
package main

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() {
	fsthttp.ServeFunc(func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		_, _ = w.Write([]byte("hello\n"))
	})
}
