package demo

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// origin stands in for the service's backends. It answers JSON, takes a little time as real backends do, and keeps the traceparent
// headers that it receives.
type origin struct {
	mux *http.ServeMux

	mu      sync.Mutex
	parents []string // the traceparent headers
}

func newOrigin() *origin {
	o := &origin{mux: http.NewServeMux()}
	answer := func(pattern string, takes time.Duration, body func(*http.Request) string) {
		o.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(takes)
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintln(w, body(r))
		})
	}
	answer("GET /data", 8*time.Millisecond, func(*http.Request) string { return `{"from":"the origin","items":[1,2,3]}` })
	answer("GET /items/{id}", 12*time.Millisecond, func(r *http.Request) string { return fmt.Sprintf(`{"id":%q,"name":"A lamp"}`, r.PathValue("id")) })
	answer("GET /stock/{id}", 6*time.Millisecond, func(r *http.Request) string { return fmt.Sprintf(`{"id":%q,"left":3}`, r.PathValue("id")) })
	return o
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.parents = append(o.parents, r.Header.Get("Traceparent"))
	o.mu.Unlock()
	o.mux.ServeHTTP(w, r)
}

// takeParents returns the headers since the last call.
func (o *origin) takeParents() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	parents := o.parents
	o.parents = nil
	return parents
}
