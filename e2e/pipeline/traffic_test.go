package pipeline

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// requests are the lines that the example service wrote for /, /api/data and /api/items/7. The names of the local host are
// replaced by those of a production service.
//
//go:embed testdata/requests.jsonl
var requests []byte

// traffic makes the traces of a run. It repeats the example's requests, each with its own ids, times and sandbox.
type traffic struct {
	templates []trace.Batch
	began     time.Time
}

func newTraffic() *traffic {
	t := &traffic{began: time.Now()}
	for line := range bytes.Lines(requests) {
		batches, err := otlp.Decode(line)
		if err != nil {
			panic(err)
		}
		t.templates = append(t.templates, batches[0])
	}
	return t
}

// spans returns the number of spans of trace i.
func (t *traffic) spans(i int) int { return len(t.templates[i%len(t.templates)].Spans) }

// batch returns trace i.
func (t *traffic) batch(i int) *trace.Batch {
	template := &t.templates[i%len(t.templates)]
	b := template.Clone()
	sandbox := fmt.Sprintf("%032x", 1+i)
	b.Resource = trace.NewResource(b.Resource.Attributes,
		[]trace.Attribute{trace.String("service.instance.id", sandbox), trace.String("faas.instance", sandbox)})
	shift := t.began.Add(time.Duration(i)*time.Millisecond).UnixNano() - b.Spans[0].Start
	for k := range b.Spans {
		s := &b.Spans[k]
		s.SpanContext.TraceID = traceID(i)
		s.SpanContext.SpanID = spanID(i, k)
		if s.ParentSpanID.IsValid() {
			s.ParentSpanID = spanID(i, slices.IndexFunc(template.Spans, func(p trace.SpanData) bool {
				return p.SpanContext.SpanID == template.Spans[k].ParentSpanID
			}))
		}
		s.Start += shift
		s.End += shift
		for e := range s.Events {
			s.Events[e].Time += shift
		}
	}
	return b
}

// line returns trace i as a line, as the service would have written it.
func (t *traffic) line(i int) []byte { return new(otlp.Encoder).Append(nil, t.batch(i)) }

// joined returns as many traces as fit into a line, beginning with i and below limit, and their number. logendpoint.OpenBatched
// writes such lines in a sandbox that serves many requests.
func (t *traffic) joined(i, limit int) (line []byte, n int) {
	var e otlp.Encoder
	first := t.batch(i)
	line = e.Append(nil, first)
	for n = 1; i+n < limit; n++ {
		next, fits := t.batch(i+n), false
		next.Resource = first.Resource
		if line, fits = e.Join(line, next, logendpoint.DefaultLineLimit); !fits {
			break
		}
	}
	return line, n
}

// An id contains the indexes of the trace and of the span. They are multiplied, so that ids are as hard to compress as random
// ones. The multiplier is odd, so the operation can be inverted.
const (
	mix   = 0x9e3779b97f4a7c15
	unmix = 0xf1de83e19937733d // mix * unmix = 1 (mod 2^64)
)

func traceID(i int) (id trace.TraceID) {
	binary.BigEndian.PutUint64(id[:], uint64(i+1)*mix)
	binary.BigEndian.PutUint64(id[8:], uint64(i+1)*mix^mix>>7)
	return id
}

func spanID(i, k int) (id trace.SpanID) {
	binary.BigEndian.PutUint64(id[:], (uint64(i+1)<<8|uint64(k))*mix)
	return id
}

// spanOf is the inverse of spanID.
func spanOf(id [8]byte) (i, k int) {
	n := binary.BigEndian.Uint64(id[:]) * unmix
	return int(n>>8) - 1, int(n & 0xff)
}

// The lines must be right for the results to be right: each is a complete trace, and each span's ids belong to it.
func TestTraffic(t *testing.T) {
	traffic := newTraffic()
	for _, i := range []int{0, 1, 2, 3, 99_999} {
		batches, err := otlp.Decode(traffic.line(i))
		require.NoError(t, err)
		require.Len(t, batches, 1)
		require.Len(t, batches[0].Spans, traffic.spans(i))
		for k, span := range batches[0].Spans {
			gotTrace, gotSpan := spanOf(span.SpanContext.SpanID)
			assert.Equal(t, [2]int{i, k}, [2]int{gotTrace, gotSpan})
			assert.Equal(t, traceID(i), span.SpanContext.TraceID)
			if k > 0 {
				parent, _ := spanOf(span.ParentSpanID)
				assert.Equal(t, i, parent)
			}
		}
	}
}
