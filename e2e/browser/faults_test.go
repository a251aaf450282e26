package browser

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
)

//go:embed faults.mjs
var faults string

// Whatever fails in the browser, one thing at a time: the page learns the same as without a tracer, the tracer goes on, and what is
// lost is told.
func TestFaults(t *testing.T) {
	var mu sync.Mutex
	hits, spans := map[string]int{}, map[string][]string{}
	address := servePageWith(t, "", policy, func(mux *http.ServeMux) {
		for path, text := range map[string]string{
			"/faults.mjs": faults,
			"/frame.mjs":  `import * as m from "/edgespan/index.mjs"; window.m = m; window.dispatchEvent(new Event("imported"))`,
			"/throws.js":  `throw new Error("the page's own")`,
		} {
			mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/javascript")
				_, _ = io.WriteString(w, text)
			})
		}
		mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			id, request, _ := strings.Cut(r.URL.RawQuery, ".")
			mu.Lock()
			defer mu.Unlock()
			hits[id+" "+request]++
			_, _ = fmt.Fprintf(w, "%s %s %s", r.Method, r.Header.Get("X-Own"), body)
		})
		mux.HandleFunc("/v1/traces", func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			batches, err := otlp.Decode(body)
			mu.Lock()
			defer mu.Unlock()
			if !assert.NoError(t, err) {
				return
			}
			for _, b := range batches {
				service, _ := b.Resource.Attribute("service.name")
				for _, s := range b.Spans {
					spans[service.Str()] = append(spans[service.Str()], s.Name)
				}
			}
		})
		mux.HandleFunc("/seen", func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			id, own := r.URL.RawQuery, map[string]int{}
			for name, n := range hits {
				if request, ok := strings.CutPrefix(name, id+" "); ok {
					own[request] = n
				}
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"hits": own, "spans": append([]string{}, spans[id]...)})
		})
	})
	tb := openTab(t, address+"/away", 900, 600)
	var names []string
	text := tb.await(`window.faults = await import("/faults.mjs"); return JSON.stringify(faults.names)`)
	require.NoError(t, json.Unmarshal([]byte(text), &names), text)
	for n, name := range names {
		t.Run(name, func(t *testing.T) {
			tb.t = t
			assert.Empty(t, tb.await(fmt.Sprintf(`return faults.sweep(%d, %q)`, n, address)))
		})
	}
	tb.t = t
}
