// Command origin is an HTTP server that serves as a service's backend.
//
// It answers every request with the request as JSON. The first line on stdout ends with the address on which it listens. Each
// following line is one request.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
)

type seen struct {
	Method      string `json:"method"`
	Path        string `json:"path"`
	Traceparent string `json:"traceparent,omitempty"`
	Tracestate  string `json:"tracestate,omitempty"`
}

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	flag.Parse()

	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			err = fmt.Errorf("%s is in use by another program, which would answer the backend requests: stop that program, "+
				"or give the backends in fastly.toml another address and run make with ORIGIN=HOST:PORT", *addr)
		}
		fail(err)
	}
	fmt.Printf("The backends' origin tells here what it is asked. It is http://%s\n", ln.Addr())

	var mu sync.Mutex
	fail(http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line, err := json.Marshal(seen{
			Method:      r.Method,
			Path:        r.URL.RequestURI(),
			Traceparent: r.Header.Get("Traceparent"),
			Tracestate:  r.Header.Get("Tracestate"),
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		line = append(line, '\n')
		mu.Lock()
		os.Stdout.Write(line)
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.Write(line)
	})))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "origin:", err)
	os.Exit(1)
}
