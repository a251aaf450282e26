package trace_test

import (
	"encoding"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

var (
	_ encoding.TextAppender = trace.TraceID{}
	_ encoding.TextAppender = trace.SpanID{}
)

func TestIDText(t *testing.T) {
	tid := trace.TraceID{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0, 0x0f, 0xf0, 0xff, 0x9a, 0xa9, 0x10, 0x01}
	sid := trace.SpanID{0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10}
	assert.Equal(t, "0123456789abcdef000ff0ff9aa91001", tid.String())
	assert.Equal(t, "fedcba9876543210", sid.String())

	text, err := tid.AppendText([]byte("id="))
	require.NoError(t, err)
	assert.Equal(t, "id=0123456789abcdef000ff0ff9aa91001", string(text))
	text, err = sid.AppendText(nil)
	require.NoError(t, err)
	assert.Equal(t, "fedcba9876543210", string(text))

	gotTID, err := trace.ParseTraceID(tid.String())
	require.NoError(t, err)
	assert.Equal(t, tid, gotTID)
	gotSID, err := trace.ParseSpanID(sid.String())
	require.NoError(t, err)
	assert.Equal(t, sid, gotSID)

	assert.False(t, trace.TraceID{}.IsValid())
	assert.False(t, trace.SpanID{}.IsValid())
	assert.True(t, trace.TraceID{15: 1}.IsValid())
	assert.True(t, trace.SpanID{1}.IsValid())
	assert.Equal(t, zeros, trace.TraceID{}.String())
}

func TestParseIDErrors(t *testing.T) {
	for _, s := range []string{
		"", "0", "0123456789abcdef000ff0ff9aa9100", "0123456789abcdef000ff0ff9aa910011", "0123456789ABCDEF000ff0ff9aa91001",
		"0123456789abcdef000ff0ff9aa9100g", " 123456789abcdef000ff0ff9aa91001", "0x23456789abcdef000ff0ff9aa91001", zeros,
		"0123456789abcdef", "0123456789abcdef000ff0ff9aa9100\x00", "0123456789abcdef000ff0ff9aa910é",
	} {
		id, err := trace.ParseTraceID(s)
		assert.Error(t, err, "%q", s)
		assert.Equal(t, trace.TraceID{}, id)
	}
	for _, s := range []string{
		"", "fedcba987654321", "fedcba98765432100", "FEDCBA9876543210", "fedcba987654321:", "0000000000000000", "fedcba987654321 ", zeros,
	} {
		id, err := trace.ParseSpanID(s)
		assert.Error(t, err, "%q", s)
		assert.Equal(t, trace.SpanID{}, id)
	}
}

// TestSpanIDsAreUnique makes 100,000 ids in every way: for roots of new traces, for roots that continue the same remote parent,
// for children, from several goroutines, and with storage that is used again.
func TestSpanIDsAreUnique(t *testing.T) {
	const workers, traces, children = 8, 1250, 9
	f := newFixture(trace.Config{Exporter: discard})
	parent := remote(t, "00-"+ids+"-01")
	var mu sync.Mutex
	spanIDs, traceIDs := map[trace.SpanID]bool{}, map[trace.TraceID]bool{}
	concurrently(workers, func(int) {
		for i := range traces {
			config := trace.StartConfig{}
			if i%2 == 0 {
				config.Parent = parent
			}
			ctx, root := f.Start(background, "root", config)
			drawn := []trace.SpanContext{root.SpanContext()}
			for range children {
				_, child := trace.Start(ctx, "child")
				drawn = append(drawn, child.SpanContext())
				child.End()
			}
			root.End()
			mu.Lock()
			traceIDs[drawn[0].TraceID] = true
			for _, sc := range drawn {
				spanIDs[sc.SpanID] = true
			}
			mu.Unlock()
		}
	})
	assert.Len(t, spanIDs, workers*traces*(1+children))
	assert.Len(t, traceIDs, 1+workers*traces/2)
	assert.NotContains(t, spanIDs, trace.SpanID{})
	assert.NotContains(t, spanIDs, parent.SpanID)
	assert.NotContains(t, traceIDs, trace.TraceID{})
}

func TestTraceIDsAreRandom(t *testing.T) {
	f := newFixture(trace.Config{Exporter: discard})
	var ones [128]int
	var same [64]int // equal bits of the two halves, and of the first span's id
	const n = 2000
	for range n {
		_, span := f.start("root")
		sc := span.SpanContext()
		span.End()
		assert.True(t, sc.TraceFlags.IsRandom())
		for bit := range ones {
			ones[bit] += int(sc.TraceID[bit/8]>>(bit%8)) & 1
		}
		for bit := range same {
			high, low, span := sc.TraceID[bit/8]>>(bit%8)&1, sc.TraceID[8+bit/8]>>(bit%8)&1, sc.SpanID[bit/8]>>(bit%8)&1
			if high == low {
				same[bit]++
			}
			if low == span {
				same[bit] += 10_000
			}
		}
	}
	for bit, count := range same {
		assert.InDelta(t, n/2, count%10_000, 200, "bit %d of the halves", bit)
		assert.InDelta(t, n/2, count/10_000, 200, "bit %d of trace and span", bit)
	}
	for bit, count := range ones { // the standard deviation is 22
		assert.InDelta(t, n/2, count, 200, "bit %d", bit)
	}
}

func TestShortTraceIDs(t *testing.T) {
	f := newFixture(trace.Config{ShortTraceIDs: true, Exporter: discard})
	seen := map[trace.TraceID]bool{}
	for range 1000 {
		_, span := f.start("root")
		sc := span.SpanContext()
		span.End()
		require.Equal(t, make([]byte, 8), sc.TraceID[:8])
		require.NotEqual(t, make([]byte, 8), sc.TraceID[8:])
		require.True(t, sc.IsValid())
		require.NotEqual(t, sc.TraceID[8:], sc.SpanID[:])
		seen[sc.TraceID] = true
	}
	assert.Len(t, seen, 1000)
	_, span := f.Start(background, "root", trace.StartConfig{Parent: remote(t, "00-"+ids+"-01")})
	assert.Equal(t, ids[:32], span.SpanContext().TraceID.String(), "a parent's id is continued as it is")
}
