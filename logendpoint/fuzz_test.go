package logendpoint

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

// randomText returns texts that are mostly short and plain, and sometimes neither.
func randomText(r *rand.Rand) string {
	n := r.IntN(20)
	switch r.IntN(12) {
	case 0:
		n = r.IntN(3000)
	case 1:
		n = r.IntN(300)
	}
	switch r.IntN(6) {
	case 0:
		return strings.Repeat("\x00", n)
	case 1:
		return strings.Repeat("\xff\"\n", n/3)
	case 2:
		return strings.Repeat("ü\u2028", n/4)
	}
	return strings.Repeat("x", n)
}

func randomAttributes(r *rand.Rand, most int) (attrs []trace.Attribute) {
	for range r.IntN(most + 1) {
		key := "k" + randomText(r)
		switch r.IntN(5) {
		case 0:
			attrs = append(attrs, trace.Int64(key, int64(r.Uint64())))
		case 1:
			attrs = append(attrs, trace.Strings(key, randomText(r), randomText(r)))
		case 2:
			attrs = append(attrs, trace.Bools(key, make([]bool, r.IntN(100))...))
		default:
			attrs = append(attrs, trace.String(key, randomText(r)))
		}
	}
	return attrs
}

func randomBatch(r *rand.Rand) *trace.Batch {
	b := &trace.Batch{Spans: []trace.SpanData{}}
	if r.IntN(8) > 0 {
		b.Resource = &trace.Resource{Attributes: randomAttributes(r, 4)}
	}
	most := []int{1, 4, 20, 150}[r.IntN(4)]
	scope := &trace.Scope{Name: "library", Version: "2"}
	for i := range r.IntN(most + 1) {
		d := span(i+1, randomAttributes(r, []int{0, 3, 20}[r.IntN(3)])...)
		d.Name = randomText(r)
		if r.IntN(4) == 0 {
			d.Status = trace.Status{Code: trace.StatusError, Description: randomText(r)}
		}
		if r.IntN(6) == 0 {
			d.Scope = scope
		}
		for range r.IntN(3) {
			d.Events = append(d.Events, trace.Event{Name: randomText(r), Time: d.Start, Attributes: randomAttributes(r, 2)})
		}
		for range r.IntN(2) {
			d.Links = append(d.Links, trace.Link{SpanContext: span(0).SpanContext, Attributes: randomAttributes(r, 2)})
		}
		b.Spans = append(b.Spans, d)
	}
	return b
}

// count returns how many parts a span has that it can lose one by one, and how many it has lost.
func count(d *trace.SpanData) (values, dropped int) {
	values = len(d.Attributes) + len(d.Events) + len(d.Links)
	dropped = int(d.DroppedAttributes + d.DroppedEvents + d.DroppedLinks)
	for _, e := range d.Events {
		values += len(e.Attributes)
		dropped += int(e.DroppedAttributes)
	}
	for _, l := range d.Links {
		values += len(l.Attributes)
		dropped += int(l.DroppedAttributes)
	}
	return values, dropped
}

// checkLines is the oracle. For any batch and limit, each line is valid and not too long. Each span is in one line, in its
// order, or counted as dropped. A span that was written has everything that it had, or counts what it has lost.
func checkLines(t *testing.T, f format, limit int, b *trace.Batch, failures *rand.Rand) {
	given := b.Clone() // the endpoint may change it
	w := &writer{}
	if failures != nil {
		w.fail = func(_ int, p []byte) (int, error) {
			switch failures.IntN(4) {
			case 0:
				return 0, errHost
			case 1:
				return failures.IntN(len(p) + 1), nil
			}
			return len(p), nil
		}
	}
	e := endpointTo(w, Config{Format: f.append(), LineLimit: limit})
	err := export(e, given)

	got := f.spans(t, w.lines)
	stats := e.Stats()
	require.Equal(t, Stats{
		Lines: uint64(len(w.lines)), Bytes: size(w.lines), Spans: uint64(len(got)),
		DroppedSpans: uint64(len(b.Spans) - len(got)), DroppedValues: stats.DroppedValues,
	}, stats)
	if limit > 0 {
		require.LessOrEqual(t, longest(w.lines), limit)
	} else if limit < 0 {
		require.Zero(t, stats.DroppedValues)
	}
	if stats.DroppedSpans+stats.DroppedValues == 0 {
		require.Equal(t, b, given, "nothing was changed")
	}
	if stats.DroppedSpans > 0 {
		require.True(t, errors.Is(err, errTooLarge) || failures != nil, "%v", err)
	} else {
		require.NoError(t, err)
	}

	at, values := 0, uint64(0)
	for i := range got {
		for ; at < len(b.Spans) && b.Spans[at].SpanContext.SpanID != got[i].SpanContext.SpanID; at++ {
			require.NotZero(t, stats.DroppedSpans)
		}
		require.Less(t, at, len(b.Spans), "out of order, or twice")
		had, _ := count(&b.Spans[at])
		has, dropped := count(&got[i])
		if !f.perSpan { // the compact formats merge keys that are equal as text
			require.LessOrEqual(t, has, had)
			if dropped == 0 {
				require.Equal(t, had, has)
			}
		}
		values += uint64(dropped)
		at++
	}
	if stats.DroppedSpans == 0 && !f.perSpan {
		require.GreaterOrEqual(t, stats.DroppedValues, values)
	}
}

func TestRandomBatches(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		b := randomBatch(r)
		limit := []int{-1, 0, 1 + r.IntN(2000), 500 + r.IntN(5000), 16_000, 1 << 20}[r.IntN(6)]
		var failures *rand.Rand
		if r.IntN(4) == 0 {
			failures = r
		}
		for _, f := range formats[:2] {
			checkLines(t, f, limit, b, failures)
			if t.Failed() {
				t.Fatalf("seed %d, %s, limit %d", seed, f.name, limit)
			}
		}
	}
}

func FuzzLines(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, 300*int(seed), "text", seed%2 == 0)
	}
	f.Add(uint64(99), 16_000, strings.Repeat("\x00\xff\"\n\\", 3000), false)
	f.Fuzz(func(t *testing.T, seed uint64, limit int, text string, fails bool) {
		r := rand.New(rand.NewPCG(seed, 2))
		b := randomBatch(r)
		if len(b.Spans) > 0 {
			d := &b.Spans[r.IntN(len(b.Spans))]
			d.Name += text
			d.Attributes = append(d.Attributes, trace.String("k"+text, text), trace.Strings("list", text, text))
		}
		var failures *rand.Rand
		if fails {
			failures = r
		}
		for _, format := range formats[:2] {
			checkLines(t, format, limit, b, failures)
		}
	})
}
