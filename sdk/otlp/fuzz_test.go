package otlp_test

import (
	"bytes"
	stdjson "encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/edgespan/edgespan/sdk/internal/spangen"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

// losses are the differences that the documentation of Decode lists.
var losses = spangen.Losses{
	Time: func(nanos int64) int64 { return max(nanos, 0) },
	Status: func(s trace.Status) trace.Status {
		if s.Code == trace.StatusUnset {
			s.Description = ""
		}
		return s
	},
	Scope: func(s *trace.Scope) *trace.Scope {
		if s != nil && *s == trace.DefaultScope() {
			return nil
		}
		return s
	},
}

func randomBytes(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 0))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

func addRandomSeeds(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(randomBytes(seed, 40*int(seed)))
	}
}

// FuzzJoin checks that batches which are joined to a line are found when it is decoded, each in lists of its own, and that a
// line without enough room stays unchanged.
func FuzzJoin(f *testing.F) {
	addRandomSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r := rand.New(rand.NewPCG(uint64(len(data)), 7))
		var e otlp.Encoder
		var line []byte
		var want []trace.Batch
		var last *trace.Resource
		first := spangen.Batch(data)
		for i := range 1 + len(data)%5 {
			b := spangen.Batch(data[len(data)*i/5:])
			if r.IntN(2) == 0 {
				b.Resource = first.Resource
			}
			if len(b.Spans) == 0 {
				continue
			}
			if line == nil {
				line = e.Append(nil, b)
			} else {
				before := string(line)
				limit := len(line) + r.IntN(3000)
				var ok bool
				line, ok = e.Join(line, b, limit)
				if !ok {
					require.Equal(t, before, string(line))
					require.Greater(t, len(before)+len(new(otlp.Encoder).Append(nil, b)), limit)
					continue
				}
				require.LessOrEqual(t, len(line), limit)
			}
			lossy := losses.Apply(b)
			if n := len(want); n > 0 && last == b.Resource {
				want[n-1].Spans = append(want[n-1].Spans, lossy.Spans...)
			} else {
				want = append(want, lossy)
			}
			last = b.Resource
		}
		if line == nil {
			return
		}
		require.True(t, stdjson.Valid(line), "not JSON: %s", line)
		got, err := otlp.Decode(line)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// FuzzEncode checks that any batch makes one valid line, which the reference writes too, and which decodes to the same batch.
func FuzzEncode(f *testing.F) {
	addRandomSeeds(f)
	var used otlp.Encoder
	f.Fuzz(func(t *testing.T, data []byte) {
		b := spangen.Batch(data)
		var fresh otlp.Encoder
		line := fresh.Append(nil, b)
		require.Equal(t, string(line), string(used.Append(nil, b)), "an encoder that has been in use")
		if len(b.Spans) == 0 {
			require.Empty(t, line)
			return
		}
		require.True(t, stdjson.Valid(line), "not JSON: %s", line)
		require.Equal(t, reference(b), string(line))
		got, err := otlp.Decode(line)
		require.NoError(t, err, "%s", line)
		require.Equal(t, []trace.Batch{losses.Apply(b)}, got, "%s", line)
	})
}

// FuzzDecode checks that any line makes an error, or batches that stay the same when they are encoded and decoded again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(foreign))
	for _, tt := range decodeErrors {
		f.Add([]byte(tt.line))
	}
	for seed := range uint64(8) {
		var e otlp.Encoder
		f.Add(e.Append(nil, spangen.Batch(randomBytes(seed, 300))))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		given := bytes.Clone(line)
		batches, err := otlp.Decode(line)
		require.Equal(t, given, line, "the line was changed")
		if err != nil {
			require.Nil(t, batches)
			require.Less(t, len(err.Error()), 2000)
			return
		}
		for i := range batches {
			if len(batches[i].Spans) == 0 {
				continue
			}
			var e otlp.Encoder
			again := e.Append(nil, &batches[i])
			require.True(t, stdjson.Valid(again), "not JSON: %s", again)
			got, err := otlp.Decode(again)
			require.NoError(t, err, "%s", again)
			require.Equal(t, batches[i:i+1], got, "%s", again)
		}
	})
}
