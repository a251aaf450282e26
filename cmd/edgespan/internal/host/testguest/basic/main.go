//go:build wasip1

// The guest that most of the host's tests run: each path tries one thing.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/rtlog"
)

func main() { fsthttp.ServeFunc(handle) }

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	switch r.URL.Path {
	case "/":
		fmt.Fprintf(w, "hello %s from %s", r.Method, r.RemoteAddr)
	case "/env":
		for _, e := range os.Environ() {
			fmt.Fprintln(w, e)
		}
	case "/log":
		e := rtlog.Open(r.URL.Query().Get("to"))
		fmt.Fprint(e, r.URL.Query().Get("line"))
		fmt.Fprint(w, "logged")
	case "/after": // goes on for two seconds after the client has its response
		w.WriteHeader(200)
		fmt.Fprint(w, "done")
		w.Close()
		time.Sleep(2 * time.Second)
		fmt.Fprintln(rtlog.Open("declared"), "afterwards")
	case "/fetch":
		req, _ := fsthttp.NewRequest("GET", "http://example.com/x?y=1", nil)
		resp, err := req.Send(ctx, r.URL.Query().Get("backend"))
		if err != nil {
			w.WriteHeader(502)
			fmt.Fprint(w, err)
			return
		}
		w.WriteHeader(resp.StatusCode)
		io.Copy(w, resp.Body)
	default:
		w.WriteHeader(404)
	}
}
