//go:build !wasip1 && !edgespan_small

package trace

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Traces share a reading of the wall clock for a tenth of a second. A later trace notices that the clock has been set.
func TestAnchorIsRenewed(t *testing.T) {
	tp := NewTracerProvider(Config{Exporter: nothing{}})
	begin := func() (*anchor, int64) {
		ctx, root := tp.Start(context.Background(), "root", StartConfig{})
		defer root.End()
		_, child := Start(ctx, "child")
		defer child.End()
		assert.Same(t, root.t.timeline.anchor, child.t.timeline.anchor)
		return root.t.timeline.anchor, startOf(root)
	}
	for _, set := range []time.Duration{-time.Hour, time.Hour} { // the clock has been set by an hour since the anchor was made
		now := time.Now()
		old := &anchor{now.Add(-time.Duration(anchorAge)), now.Add(-set).UnixNano() - anchorAge}
		tp.timelines.latest.Store(old)
		used, start := begin()
		require.NotSame(t, old, used)
		require.Same(t, used, tp.timelines.latest.Load(), "for the traces after it")
		assert.InDelta(t, now.UnixNano(), start, float64(time.Minute))

		young := &anchor{now.Add(time.Hour), now.Add(-set).UnixNano()} // not too old, however long the test takes
		tp.timelines.latest.Store(young)
		used, start = begin()
		require.Same(t, young, used)
		assert.Equal(t, young.nanos, start, "times never go below the anchor")
	}
}

type nothing struct{}

func (nothing) Export(context.Context, *Batch) error { return nil }

func startOf(s *Span) int64 {
	d := s.lockRecord()
	defer s.t.mu.Unlock()
	return d.Start
}
