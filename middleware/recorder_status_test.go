package middleware

import (
	"context"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/assert"
)

// The platform refuses a number that is not a status, and the client gets the 200 that a response begins with. The platform
// still sees the number.
func TestNoStatus(t *testing.T) {
	for given, want := range map[int]int{-1: 200, 0: 200, 99: 200, 100: 100, 101: 101, 199: 199, 599: 599, 600: 600, 999: 999, 1000: 200, 1 << 30: 200} {
		s := newSetup()
		w := s.serve(request(t, "GET", "http://h/"), Config{}, func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
			w.WriteHeader(given)
			w.WriteHeader(404) // too late
		})
		root := s.root(t)
		assert.Equal(t, want, plain(root.Attributes)["http.response.status_code"], "%d", given)
		assert.Equal(t, []string{"first_byte"}, events(root), "%d", given)
		assert.Equal(t, given, w.Code, "the platform's to judge")
	}
}
