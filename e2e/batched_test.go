package e2e

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// batched is a service that writes several traces to a line. Below /batched, a line has at most perLine traces.
var batched = &service{name: "batched", pkg: "./e2e/guests/batched"}

func init() { services = append(services, batched) }

const perLine = 4

// TestBatchedLines serves many requests. The batched endpoint must have written the same spans as an endpoint that does not
// batch.
func TestBatchedLines(t *testing.T) {
	var requests []reply
	bySandbox := map[string][]reply{}
	spans := func(i int) int { return 1 + i*5%7 }
	most := 0
	for i := 0; i < 30 || most <= perLine && i < 200; i++ {
		r := batched.get(t, fmt.Sprintf("/batched/?n=%d", spans(i)-1))
		sandbox := r.Header.Get("X-Sandbox")
		requests = append(requests, r)
		bySandbox[sandbox] = append(bySandbox[sandbox], r)
		most = max(most, len(bySandbox[sandbox]))
		settle()
	}
	require.Greater(t, most, perLine, "no sandbox took so many requests that a line was full")

	lineOf := map[trace.TraceID]int{}
	for i, r := range requests {
		got := batched.spans(t, r.trace, spans(i)) // the last of them are written when their sandbox ends
		got.nest(t)
		got.oneLine(t)
		lineOf[r.trace] = got[0].line
		assert.Equal(t, got.sorted(), batched.plainSpans(t, r.trace, spans(i)).sorted())
	}
	for sandbox, served := range bySandbox {
		lines := map[int][]trace.TraceID{}
		for i, r := range served {
			assert.Equal(t, lineOf[served[i/perLine*perLine].trace], lineOf[r.trace], "request %d of sandbox %s", i, sandbox)
			lines[lineOf[r.trace]] = append(lines[lineOf[r.trace]], r.trace)
		}
		assert.Len(t, lines, (len(served)+perLine-1)/perLine, "lines of %d requests in sandbox %s", len(served), sandbox)
		for line, want := range lines {
			assert.Equal(t, want, traceLists(t, batched.log.line(line)), "one list for each trace, in order, and no others")
		}
	}
}

// A trace that is longer than a line gets lines of its own, after the traces that were held before it.
func TestBatchedLongTrace(t *testing.T) {
	for range 50 {
		replies := []reply{}
		sandboxes := map[string]bool{}
		for _, n := range []int{1, 90, 1} {
			r := batched.get(t, fmt.Sprintf("/batched/?n=%d", n))
			replies = append(replies, r)
			sandboxes[r.Header.Get("X-Sandbox")] = true
			settle()
		}
		first, long, last := batched.spans(t, replies[0].trace, 2), batched.spans(t, replies[1].trace, 91), batched.spans(t, replies[2].trace, 2)
		long.nest(t)
		assert.Greater(t, len(long.lines()), 1)
		for line := range long.lines() {
			assert.NotContains(t, first.lines(), line)
			assert.NotContains(t, last.lines(), line)
			if len(sandboxes) == 1 {
				assert.Greater(t, line, first[0].line)
				assert.Less(t, line, last[0].line)
			}
		}
		assert.Equal(t, long.sorted(), batched.plainSpans(t, replies[1].trace, 91).sorted())
		if len(sandboxes) == 1 {
			return
		}
	}
	require.Fail(t, "in 50 attempts, no three requests had the same sandbox")
}

// traceLists returns the trace ids in a line, one for each list of spans. All spans of a list must belong to that trace.
func traceLists(t *testing.T, line string) (ids []trace.TraceID) {
	t.Helper()
	batches, err := otlp.Decode([]byte(line))
	require.NoError(t, err)
	require.Len(t, batches, 1, "one resource")
	spans := batches[0].Spans
	for _, list := range strings.Split(line, `"spans":[`)[1:] {
		n := strings.Count(list, `{"traceId":"`)
		require.NotZero(t, n)
		for _, d := range spans[:n] {
			require.Equal(t, spans[0].SpanContext.TraceID, d.SpanContext.TraceID, "two traces in one list")
		}
		ids = append(ids, spans[0].SpanContext.TraceID)
		spans = spans[n:]
	}
	require.Empty(t, spans)
	return ids
}

// sorted returns the spans ordered by their ids, without their positions in the output.
func (l spanList) sorted() []trace.SpanData {
	all := make([]trace.SpanData, 0, len(l))
	for _, s := range l {
		all = append(all, s.SpanData)
	}
	slices.SortFunc(all, func(a, b trace.SpanData) int {
		return strings.Compare(a.SpanContext.SpanID.String(), b.SpanContext.SpanID.String())
	})
	return all
}

func (l spanList) lines() map[int]bool {
	lines := map[int]bool{}
	for _, s := range l {
		lines[s.line] = true
	}
	return lines
}

// plainSpans waits for the spans of a trace at the endpoint that does not batch.
func (s *service) plainSpans(t *testing.T, id trace.TraceID, n int) (found spanList) {
	t.Helper()
	came := s.log.await(func() bool {
		found = nil
		for _, text := range s.log.plain {
			batches, err := otlp.Decode([]byte(text))
			if err != nil {
				return false
			}
			for _, b := range batches {
				for _, d := range b.Spans {
					if d.SpanContext.TraceID == id {
						found = append(found, span{SpanData: d})
					}
				}
			}
		}
		return len(found) >= n
	})
	require.True(t, came, "of trace %s only %d of %d spans came", id, len(found), n)
	return found
}

// A request that is not traced writes the traces that have been held for too long, and the sandbox continues.
func TestBatchedAge(t *testing.T) {
	for range 50 {
		one := batched.get(t, "/aged/?n=2")
		time.Sleep(350 * time.Millisecond)
		two := batched.get(t, "/untraced/")
		batched.noSpans(two.trace)
		line := batched.spans(t, one.trace, 3).lines()
		settle()
		three := batched.get(t, "/aged/")
		sandbox := one.Header.Get("X-Sandbox")
		if two.Header.Get("X-Sandbox") == sandbox && three.Header.Get("X-Sandbox") == sandbox {
			for l := range batched.spans(t, three.trace, 1).lines() {
				assert.NotContains(t, line, l)
			}
			return
		}
		batched.spans(t, three.trace, 1)
	}
	require.Fail(t, "in 50 attempts, no three requests had the same sandbox")
}

// If a handler panics, its sandbox ends, but the traces that it holds are written first.
func TestBatchedPanic(t *testing.T) {
	for range 50 {
		one := batched.get(t, "/batched/?n=1")
		settle()
		two := batched.get(t, "/batched/panic")
		assert.Equal(t, 500, two.StatusCode)
		line := batched.spans(t, one.trace, 2).lines()
		root := batched.root(t, two.trace)
		assert.Equal(t, trace.StatusError, root.Status.Code)
		if line[root.line] {
			return
		}
	}
	require.Fail(t, "in 50 attempts, no two requests had the same sandbox")
}

// If a sandbox ends without notice, the traces that it holds are lost, but no others.
func TestBatchedLoss(t *testing.T) {
	for range 50 {
		one := batched.get(t, "/batched/?n=1")
		settle()
		exit := batched.get(t, "/batched/exit")
		batched.noSpans(exit.trace)
		batched.plainSpans(t, one.trace, 2)
		if batched.notes(t, exit.trace.String(), 1)[0] == one.Header.Get("X-Sandbox") {
			batched.noSpans(one.trace)
			next := batched.get(t, "/batched/")
			batched.root(t, next.trace)
			return
		}
		batched.spans(t, one.trace, 2)
	}
	require.Fail(t, "in 50 attempts, no two requests had the same sandbox")
}

// The client closes the connection before the response. On Viceroy that ends the sandbox, and the traces that it holds are
// lost.
func TestBatchedClientLeaves(t *testing.T) {
	for range 50 {
		one := batched.get(t, "/batched/?n=1")
		settle()
		c := newCaller()
		batched.leave(t, "/batched/sleep", c, func() { batched.notes(t, c.trace.String(), 1) })
		same := batched.notes(t, c.trace.String(), 1)[0] == one.Header.Get("X-Sandbox")
		onLocal(t, "the service hears nothing of it", func() { batched.root(t, c.trace) })
		onViceroy(t, "it panics where the guest sends its response", func() { batched.noSpans(c.trace) })
		if !same || host.name == "local" {
			batched.spans(t, one.trace, 2)
		} else {
			batched.noSpans(one.trace)
		}
		if same {
			return
		}
	}
	require.Fail(t, "in 50 attempts, no two requests had the same sandbox")
}

// TestBatchedFigures prints how much batching saves, for docs/long-lived.md.
func TestBatchedFigures(t *testing.T) {
	batched.use(t)
	const requests = 100
	for _, how := range []string{"plain", "twenty", "plain", "twenty"} {
		var took []time.Duration
		var ids []trace.TraceID
		sandboxes := map[string]bool{}
		for range requests {
			r := batched.get(t, "/"+how+"/?n=3")
			took, ids = append(took, r.took), append(ids, r.trace)
			sandboxes[r.Header.Get("X-Sandbox")] = true
			time.Sleep(2 * time.Millisecond)
		}
		lines := map[int]bool{}
		for _, id := range ids {
			maps.Copy(lines, batched.spans(t, id, 4).lines())
		}
		bytes := batched.log.size(slices.Collect(maps.Keys(lines))...)
		slices.Sort(took)
		t.Logf("%-8s %d requests of 4 spans in %d sandboxes: %d lines, %d bytes, median %.2f ms, ninth decile %.2f ms", how, requests,
			len(sandboxes), len(lines), bytes, milliseconds(took[requests/2]), milliseconds(took[requests*9/10]))
		if how == "plain" {
			assert.Len(t, lines, requests)
		} else {
			assert.LessOrEqual(t, len(lines), len(sandboxes)+requests/10, "a line for each sandbox, and for each time that one is full")
		}
	}
}

func milliseconds(d time.Duration) float64 { return math.Round(d.Seconds()*1e5) / 100 }
