package page

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Server serves a Hub's traces as a live page. It is an http.Handler.
type Server struct {
	hub       *Hub
	mux       *http.ServeMux
	run       string // identifies this Server, so that a page that outlives it starts from scratch
	pages     atomic.Int32
	localOnly bool
}

// maxPages is how many pages may be connected at the same time.
const maxPages = 32

// heartbeat is how often something is sent on an idle connection, to keep it open.
const heartbeat = 15 * time.Second

// NewServer returns a Server for the listener on addr. If that is a loopback address, it answers only to loopback names.
func NewServer(hub *Hub, addr net.Addr) *Server {
	s := &Server{hub: hub, mux: http.NewServeMux(), run: rand.Text()}
	if tcp, ok := addr.(*net.TCPAddr); ok {
		s.localOnly = tcp.IP.IsLoopback()
	}
	s.mux.HandleFunc("GET /{$}", s.file("text/html; charset=utf-8", livePage()))
	s.mux.HandleFunc("GET /page.css", s.file("text/css; charset=utf-8", style))
	s.mux.HandleFunc("GET /page.js", s.file("text/javascript; charset=utf-8", script))
	s.mux.HandleFunc("GET /events", s.events)
	return s
}

func livePage() []byte {
	page := bytes.Replace(shell, []byte("<!--head-->"), []byte(`<link rel="stylesheet" href="page.css">`), 1)
	return bytes.Replace(page, []byte("<!--end-->"), []byte(`<script src="page.js"></script>`), 1)
}

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.localOnly && !isLocal(r.Host) {
		http.Error(w, "this page can be opened only on the machine that serves it", http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	s.mux.ServeHTTP(w, r)
}

// isLocal tells whether a Host header names this machine, rather than a domain whose owner made it resolve to this machine.
func isLocal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip.IsLoopback() || strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost")
}

func (s *Server) file(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body)
	}
}

// events sends each trace as one event, now and when it changes: https://html.spec.whatwg.org/multipage/server-sent-events.html
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	if s.pages.Add(1) > maxPages {
		s.pages.Add(-1)
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer s.pages.Add(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	send := func(event string, data []byte) error {
		_, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, data)
		return err
	}
	hello, _ := json.Marshal(map[string]any{"run": s.run, "keep": s.hub.keep})
	if send("hello", hello) != nil {
		return
	}
	sub := s.hub.subscribe()
	defer s.hub.unsubscribe(sub)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	all := false // everything that was there at the beginning has been sent
	for {
		data, gone, err := s.hub.next(sub)
		if len(gone) > 0 {
			keys, _ := json.Marshal(gone)
			if send("gone", keys) != nil {
				return
			}
		}
		if err == nil && data != nil {
			if send("trace", data) != nil {
				return
			}
			continue
		}
		if !all && send("all", []byte("{}")) != nil {
			return
		}
		all = true
		if out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			if _, err := fmt.Fprint(w, ":\n\n"); err != nil {
				return
			}
		case <-sub.wake:
			time.Sleep(settle) // lines of one trace tend to arrive together
		}
	}
}

// settle is how long a change waits for further changes, to be sent together with them.
const settle = 50 * time.Millisecond
