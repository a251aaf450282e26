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

// sink is the tracing backend. It receives OTLP over HTTP, and knows which traces to expect.
type sink struct {
	url     string
	traffic *traffic

	mu       sync.Mutex
	refusing bool
	seen     []uint8 // bit k means that span k of the trace has arrived
	again    []bool  // a span of the trace has arrived more than once
	figures  figures
	strange  []string                    // spans that nobody has sent
	calls    map[string]map[string]int64 // the metrics by route, by resource and series
}

// figures are the results of a test. A trace has been received when all of its spans have.
type figures struct {
	sent, received, duplicated int
	requests, refused          int // requests of the Collectors to the sink
}

func (f figures) lost() int { return f.sent - f.received }

func (f figures) String() string {
	return fmt.Sprintf("sent %d, received %d, lost %d, duplicated %d (%d requests to the backend, %d refused)",
		f.sent, f.received, f.lost(), f.duplicated, f.requests, f.refused)
}

// newSink returns a backend that expects the first n traces of t.
func newSink(tb testing.TB, t *traffic, n int) *sink {
	s := &sink{traffic: t, seen: make([]uint8, n), again: make([]bool, n), calls: map[string]map[string]int64{}}
	s.figures.sent = n
	server := httptest.NewServer(s)
	tb.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// refuse makes the sink answer 503 to all requests, or accept them again.
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

// unexpected returns the spans that nobody has sent.
func (s *sink) unexpected() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.strange
}

// count records the metrics by route. Each value replaces the earlier one of its series.
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

// counted returns the number of spans in the metrics by route, and their resources.
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
