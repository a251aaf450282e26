//go:build wasip1

// This program is the guest that the host's tests run. Each path tries one thing.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fastly/compute-sdk-go/compute"
	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/rtlog"
)

// again is set by a request after which the sandbox serves another one.
var again bool

// served counts the sandbox's requests.
var served int

func main() {
	fsthttp.ServeMany(handle, &fsthttp.ServeManyOptions{
		NextTimeout: 5 * time.Second,
		Continue:    func() bool { return again },
	})
}

var paths = map[string]fsthttp.HandlerFunc{
	"/":                          hello,
	"":                           hello, // for OPTIONS *
	"/env":                       environment,
	"/log":                       writeLog,
	"/after":                     goOnAfterwards,
	"/echo":                      echo,
	"/hints":                     hints,
	"/trailers":                  trailers,
	"/append":                    appendBackend,
	"/stream":                    stream,
	"/framing":                   framing,
	"/headers":                   headers,
	"/nothing":                   func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) {},
	"/panic":                     func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) { panic("no answer") },
	"/panic\x1b[31m\x07\nforged": func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) { panic("no answer") },
	"/panicking": func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		fmt.Fprint(w, "half")
		panic("half an answer")
	},
	"/exit":       func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) { os.Exit(3) },
	"/fetch":      fetch,
	"/upload":     upload,
	"/parallel":   parallel,
	"/dynamic":    dynamic,
	"/socket":     socket,
	"/fanout":     fanout,
	"/output":     output,
	"/heap":       heap,
	"/hostile":    hostile,
	"/many":       many,
	"/many/panic": func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) { panic("asked to") },
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	again = false
	served++
	if h, ok := paths[r.URL.Path]; ok {
		h(ctx, w, r)
		return
	}
	if h, ok := storePaths[r.URL.Path]; ok {
		h(ctx, w, r)
		return
	}
	w.WriteHeader(404)
}

func hello(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	fmt.Fprintf(w, "%s %s %s from %s", r.Method, r.URL, r.Proto, r.RemoteAddr)
}

func environment(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	for _, e := range os.Environ() {
		fmt.Fprintln(w, e)
	}
}

func writeLog(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	for _, line := range r.URL.Query()["line"] {
		fmt.Fprint(rtlog.Open(r.URL.Query().Get("to")), line)
	}
	fmt.Fprint(w, "logged")
}

// goOnAfterwards closes the response, and logs two seconds later.
func goOnAfterwards(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	fmt.Fprint(w, "done")
	w.Close()
	time.Sleep(2 * time.Second)
	fmt.Fprint(rtlog.Open("declared"), "afterwards")
}

func echo(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	w.Header().Set("X-Length", fmt.Sprint(r.Header.Get("Content-Length")))
	io.Copy(w, r.Body)
}

func hints(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	w.Header().Set("Link", "</style.css>; rel=preload")
	w.WriteHeader(fsthttp.StatusEarlyHints)
	w.Header().Del("Link")
	w.Header().Set("X-Final", "yes")
	w.WriteHeader(201)
	fmt.Fprint(w, "body")
}

func trailers(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	w.Header().Set("Trailer", "X-Sum")
	fmt.Fprint(w, "body")
	w.Header().Set("X-Sum", "42")
}

func appendBackend(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	resp := must(get(ctx, r.URL.Query().Get("backend"), "/slow"))
	fmt.Fprint(w, "<")
	start := time.Now()
	w.Append(resp.Body)
	fmt.Fprintf(rtlog.Open("declared"), "append took %d ms", time.Since(start).Milliseconds())
	fmt.Fprint(w, ">")
	w.Close()
	fmt.Fprint(rtlog.Open("declared"), "closed")
}

// stream writes a piece each time that the client asks for one, through the backend.
func stream(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	for i := range 3 {
		fmt.Fprintf(w, "piece %d\n", i)
		must(get(ctx, "gate", "/"))
	}
}

func framing(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	w.SetManualFramingMode(true)
	w.Header().Set("Content-Length", r.URL.Query().Get("length"))
	fmt.Fprint(w, "body")
}

func headers(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	for _, name := range r.Header.Keys() {
		fmt.Fprintf(w, "%s: %s\n", name, strings.Join(r.Header.Values(name), ", "))
	}
}

func fetch(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	q := r.URL.Query()
	req := must(fsthttp.NewRequest("GET", "http://asked.example"+q.Get("path"), nil))
	req.DecompressResponseOptions.Gzip = q.Get("gzip") != ""
	resp, err := req.Send(ctx, q.Get("backend"))
	if err != nil {
		w.WriteHeader(502)
		fmt.Fprint(w, err)
		return
	}
	w.Header().Reset(resp.Header)
	w.WriteHeader(resp.StatusCode)
	if _, err := io.Copy(w, resp.Body); err != nil {
		fmt.Fprintf(w, "!%v", err)
	}
}

// upload sends a body of unknown length that is still being read.
func upload(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	pr, pw := io.Pipe()
	go func() {
		for i := range 3 {
			fmt.Fprintf(pw, "part %d\n", i)
		}
		pw.Close()
	}()
	req := must(fsthttp.NewRequest("POST", "http://asked.example/upload", pr))
	resp := must(req.Send(ctx, r.URL.Query().Get("backend")))
	io.Copy(w, resp.Body)
}

// parallel sends two requests at the same time to a backend that answers the first only when it has the second.
func parallel(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	var wg sync.WaitGroup
	var got [2]string
	for i := range got {
		wg.Go(func() {
			resp := must(get(ctx, r.URL.Query().Get("backend"), "/meet"))
			b, _ := io.ReadAll(resp.Body)
			got[i] = string(b)
		})
	}
	wg.Wait()
	fmt.Fprint(w, got)
}

func dynamic(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	q := r.URL.Query()
	opts := fsthttp.NewBackendOptions().HostOverride("over.example").ConnectTimeout(2 * time.Second).FirstByteTimeout(time.Second)
	if q.Get("tls") != "" {
		opts.UseSSL(true)
	}
	b, err := fsthttp.RegisterDynamicBackend("dyn", q.Get("target"), opts)
	if err != nil {
		fmt.Fprint(w, "register: ", err)
		return
	}
	_, again := fsthttp.RegisterDynamicBackend("dyn", q.Get("target"), opts)
	fmt.Fprintf(w, "%s dynamic=%t again=%t\n", b.Name(), b.IsDynamic(), errors.Is(again, fsthttp.ErrBackendNameInUse))
	resp, err := get(ctx, "dyn", q.Get("path"))
	if err != nil {
		fmt.Fprint(w, err)
		return
	}
	io.Copy(w, resp.Body)
}

func socket(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	err := r.HandoffWebsocket(r.URL.Query().Get("backend"))
	fmt.Fprintf(rtlog.Open("declared"), "handoff: %v", err)
	fmt.Fprint(w, "too late")
	_, err = fmt.Fprint(w, "the SDK tells it only now")
	fmt.Fprintf(rtlog.Open("declared"), "then: %v", err)
}

func fanout(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	fmt.Fprint(w, r.HandoffFanout("origin"))
}

func output(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	fmt.Println("on stdout")
	fmt.Fprintln(os.Stderr, "on stderr")
}

func heap(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	mb, _ := strconv.Atoi(r.URL.Query().Get("mb"))
	kept := make([]byte, mb<<20)
	for i := range kept {
		kept[i] = 1
	}
	fmt.Fprint(w, must(compute.GetHeapMiB()) >= uint32(mb), " ", must(compute.GetVCPUTime()) < time.Minute)
}

func many(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	again = true
	io.Copy(io.Discard, r.Body)
	fmt.Fprintf(w, "%s %d", os.Getenv("FASTLY_TRACE_ID"), served)
}

func get(ctx context.Context, backend, path string) (*fsthttp.Response, error) {
	return must(fsthttp.NewRequest("GET", "http://asked.example"+path, nil)).Send(ctx, backend)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
