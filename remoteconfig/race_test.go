package remoteconfig

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/middleware"
)

// Serves requests while the document changes: each request sees one document or the other. It is for the race detector.
func TestConcurrentRequests(t *testing.T) {
	f := newFixture("")
	h := middleware.New(f.tp, f.remote.Middleware(f.mw))(fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		w.Header().Set("X-One", "1")
		w.WriteHeader(503)
	}))
	documents := []string{"", `{"off":true}`, `{"ratio":0,"keep":{"errors":true}}`, `{"ratio":"bad"}`,
		`{"request_headers":["a"],"response_headers":["x-one"],"routes":{"/":0.5}}`, `{`}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range 200 {
				f.set(documents[(i+j)%len(documents)])
				if j%2 == 0 {
					f.dueNow()
				} else if i == 0 {
					_ = f.remote.Reload()
				}
				r, err := fsthttp.NewRequest("GET", "https://h.example/", nil)
				assert.NoError(t, err)
				r.Header.Set("A", strconv.Itoa(j))
				h(context.Background(), fsttest.NewRecorder(), r)
				f.remote.Stats()
			}
		}()
	}
	wg.Wait()
	for _, d := range f.Spans() {
		assert.Equal(t, "GET /", d.Name)
	}
	assert.NotEmpty(t, f.errors())
}
