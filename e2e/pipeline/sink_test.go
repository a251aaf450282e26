package pipeline

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// sink is the tracing backend: it takes OTLP over HTTP, and knows what is to come.
type sink struct {
	url     string
	traffic *traffic

	mu       sync.Mutex
	refusing bool
	seen     []uint8 // bit k: span k of the trace has come
	again    []bool  // some span of it has come more than once
	figures  figures
	strange  []string                    // what nobody sent
	calls    map[string]map[string]int64 // of the metrics by route, by resource and series
}

// figures are what a test is about. A trace has been received when all of its spans have.
type figures struct {
	sent, received, duplicated int
	requests, refused          int // of the Collectors, to the sink
}

func (f figures) lost() int { return f.sent - f.received }

func (f figures) String() string {
	return fmt.Sprintf("sent %d, received %d, lost %d, duplicated %d (%d requests to the backend, %d refused)",
		f.sent, f.received, f.lost(), f.duplicated, f.requests, f.refused)
}

// newSink returns a backend that awaits the first n traces of t.
func newSink(tb testing.TB, t *traffic, n int) *sink {
	s := &sink{traffic: t, seen: make([]uint8, n), again: make([]bool, n), calls: map[string]map[string]int64{}}
	s.figures.sent = n
	server := httptest.NewServer(s)
	tb.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// refuse makes the sink answer 503 to all, or take it again.
func (s *sink) refuse(yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusing = yes
}

func (s *sink) now() figures {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.figures
}

// unexpected returns what came and was never sent.
func (s *sink) unexpected() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.strange
}

// count takes the metrics by route: each series replaces what came of it before.
func (s *sink) count(metrics pmetric.Metrics) {
	for _, resource := range metrics.ResourceMetrics().All() {
		of := fmt.Sprint(resource.Resource().Attributes().AsRaw())
		if s.calls[of] == nil {
			s.calls[of] = map[string]int64{}
		}
		for _, scope := range resource.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				if metric.Name() == "traces.span.metrics.calls" {
					for _, point := range metric.Sum().DataPoints().All() {
						series := fmt.Sprint(point.Attributes().AsRaw())
						s.calls[of][series] = max(s.calls[of][series], point.IntValue())
					}
				}
			}
		}
	}
}

// counted returns how many spans the metrics by route have counted, and for which resources.
func (s *sink) counted() (spans int, resources []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for resource, series := range s.calls {
		resources = append(resources, resource)
		for _, calls := range series {
			spans += int(calls)
		}
	}
	return spans, resources
}

func (s *sink) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	s.mu.Lock()
	refusing := s.refusing
	s.figures.requests++
	if refusing {
		s.figures.refused++
	}
	s.mu.Unlock()
	if refusing {
		_, _ = io.Copy(io.Discard, req.Body)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	var data []byte
	unzip, err := gzip.NewReader(req.Body)
	if err == nil {
		data, err = io.ReadAll(unzip)
	}
	traces, metrics := ptraceotlp.NewExportRequest(), pmetricotlp.NewExportRequest()
	switch {
	case err != nil:
	case req.URL.Path == "/v1/traces":
		err = traces.UnmarshalProto(data)
	case req.URL.Path == "/v1/metrics":
		err = metrics.UnmarshalProto(data)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if req.URL.Path == "/v1/metrics" {
		s.count(metrics.Metrics())
	}
	for _, resource := range traces.Traces().ResourceSpans().All() {
		for _, scope := range resource.ScopeSpans().All() {
			for _, span := range scope.Spans().All() {
				s.take(span)
			}
		}
	}
}

func (s *sink) take(span ptrace.Span) {
	i, k := spanOf(span.SpanID())
	if i < 0 || i >= len(s.seen) || k >= s.traffic.spans(i) || traceID(i) != [16]byte(span.TraceID()) ||
		span.Name() != s.traffic.templates[i%len(s.traffic.templates)].Spans[k].Name {
		s.strange = append(s.strange, fmt.Sprintf("trace %s span %s %q", span.TraceID(), span.SpanID(), span.Name()))
		return
	}
	bit := uint8(1) << k
	switch {
	case s.seen[i]&bit == 0:
		s.seen[i] |= bit
		if s.seen[i] == uint8(1)<<s.traffic.spans(i)-1 {
			s.figures.received++
		}
	case !s.again[i]:
		s.figures.duplicated++
		s.again[i] = true
	}
}
