package middleware

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// holder is an exporter that holds spans back, and counts calls.
type holder struct {
	forget
	flushed, due int
}

func (h *holder) Flush(context.Context) error    { h.flushed++; return errors.New("flushed") }
func (h *holder) FlushDue(context.Context) error { h.due++; return errors.New("due") }

// Natively, fsthttp.ServeMany ends with a panic, as it does in a sandbox whose handler panics.
func TestServeManyFlushes(t *testing.T) {
	h := &holder{}
	s := newSetup(trace.Config{Exporter: h})
	require.Panics(t, func() { ServeMany(s.tp, nothing, nil) })
	require.Equal(t, []int{1, 1}, []int{h.due, h.flushed}, "it calls FlushDue first, and flushes at the end")
	require.Equal(t, []string{"due", "flushed"}, s.errs)
	require.Panics(t, func() { ServeMany(nil, nothing, nil) })
}

// sender is an exporter that sends what its receiver has refused for now only when it is shut down.
type sender struct{ holder }

func (s *sender) Shutdown(context.Context) error { return errors.New("shut down") }

func TestServeManyShutsDown(t *testing.T) {
	h := &sender{}
	s := newSetup(trace.Config{Exporter: h})
	require.Panics(t, func() { ServeMany(s.tp, nothing, nil) })
	require.Equal(t, []string{"due", "shut down"}, s.errs)
	require.Zero(t, h.flushed)
}

func TestServeManyLooksAtWhatIsDue(t *testing.T) {
	h := &holder{}
	s := newSetup(trace.Config{Exporter: h})
	asked, answer := 0, true
	options := &fsthttp.ServeManyOptions{NextTimeout: 1, MaxLifetime: 2, MaxRequests: 3, Continue: func() bool { asked++; return answer }}
	with := withFlush(s.tp, options)
	require.Equal(t, []any{time.Duration(1), time.Duration(2), 3}, []any{with.NextTimeout, with.MaxLifetime, with.MaxRequests})
	require.True(t, with.Continue())
	answer = false
	require.False(t, with.Continue())
	require.Equal(t, []int{2, 2}, []int{asked, h.due})
	require.False(t, options.Continue(), "the caller's options stay as they are")
	require.Equal(t, 2, h.due)
	require.True(t, withFlush(s.tp, nil).Continue())
	require.True(t, withFlush(nil, nil).Continue())
}

// Between requests, other goroutines run, although no handler waits for anything.
func TestServeManyYields(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // as in a sandbox
	goOn := withFlush(nil, nil).Continue
	var ran atomic.Bool
	go ran.Store(true)
	for range 100 { // every 61st time, the scheduler lets the goroutine go on that yields
		goOn()
	}
	require.True(t, ran.Load())
}
