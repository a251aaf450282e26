package main

import (
	"fmt"
	"io"
	"net/http"
	"sort"
	"strings"
	"sync"
)

// unknownHeader marks the response to a path that the fake does not know.
const unknownHeader = "Fakefastly-Unknown"

// discovery is the path that the CLI requests from the accounts server before anything that needs a token, even if it has one.
const discovery = "/realms/fastly/.well-known/openid-configuration"

// authenticate rejects requests without the token, as Fastly's API does.
func authenticate(token string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == discovery {
			answer(w, object{})
			return
		}
		if r.Header.Get("Fastly-Key") != token {
			fail(w, http.StatusUnauthorized, "the token is not accepted")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse rejects every request whose path ends in suffix, if suffix is not empty.
func refuse(suffix string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if suffix != "" && strings.HasSuffix(r.URL.Path, suffix) {
			fail(w, http.StatusUnprocessableEntity, "refused, as asked for")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// record writes one line for each request, after its response.
func record(out io.Writer, next http.Handler) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(sw, r)

		line := fmt.Sprintf("%d %s %s%s", sw.status, r.Method, r.URL.Path, fields(r))
		if w.Header().Get(unknownHeader) != "" {
			line += " UNKNOWN"
		}
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(out, line)
	})
}

// fields formats the form that a handler has read.
func fields(r *http.Request) string {
	var b strings.Builder
	keys := make([]string, 0, len(r.PostForm))
	for key := range r.PostForm {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		fmt.Fprintf(&b, " %s=%s", key, r.PostForm.Get(key))
	}
	return b.String()
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
