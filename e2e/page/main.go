// Command page serves the browser's example page for you to look at. It passes /api/ on to a service. It is also the page's
// collector, and prints each request with traces as a line on stdout.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:7677", "where to listen")
	service := flag.String("service", "http://127.0.0.1:7676", "what answers /api/")
	folder := flag.String("folder", "browser", "with example and npm, which make browser fills")
	flag.Parse()

	target, err := url.Parse(*service)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "The page is http://%s\n", *addr)
	log.Fatal(http.ListenAndServe(*addr, handler(*folder, target, os.Stdout)))
}

// policy is the Content-Security-Policy that docs/browser.md recommends.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"

func handler(folder string, service *url.URL, lines io.Writer) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(filepath.Join(folder, "example"))))
	mux.Handle("/edgespan/", http.StripPrefix("/edgespan/", http.FileServer(http.Dir(filepath.Join(folder, "npm")))))
	mux.Handle("/api/", httputil.NewSingleHostReverseProxy(service))
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	var mu sync.Mutex
	mux.HandleFunc("POST /v1/traces", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4<<20))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		mu.Lock()
		_, _ = lines.Write(append(bytes.ReplaceAll(body, []byte("\n"), []byte(" ")), '\n'))
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{}")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}
