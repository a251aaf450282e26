package tracetest

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Exporter is a [trace.Exporter] that keeps a copy of each batch. The zero value is ready for use. It may be used from any
// goroutine.
type Exporter struct {
	mu       sync.Mutex
	batches  []trace.Batch
	exported chan struct{} // closed at the next export; nil if nobody waits
}

// NewExporter returns an empty [Exporter].
func NewExporter() *Exporter { return new(Exporter) }

// Export keeps a copy of b.
func (e *Exporter) Export(_ context.Context, b *trace.Batch) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.batches = append(e.batches, *b.Clone())
	if e.exported != nil {
		close(e.exported)
		e.exported = nil
	}
	return nil
}

// Batches returns the exported batches, one for each call of Export.
func (e *Exporter) Batches() []trace.Batch {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.batches)
}

// Spans returns all spans in the order in which they were exported. Those of one batch are in the order in which they were
// started.
func (e *Exporter) Spans() []trace.SpanData {
	spans, _ := e.spans()
	return spans
}

// Reset removes all batches.
func (e *Exporter) Reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.batches = nil
}

// patience is how long WaitFor waits.
const patience = 10 * time.Second

// WaitFor waits until n spans have been exported, and returns them. It is for code that ends spans in other goroutines. After
// ten seconds the test fails.
func (e *Exporter) WaitFor(t TB, n int) []trace.SpanData {
	t.Helper()
	return e.waitFor(t, n, patience)
}

func (e *Exporter) waitFor(t TB, n int, patience time.Duration) []trace.SpanData {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		spans, exported := e.spans()
		if len(spans) >= n {
			return spans
		}
		select {
		case <-exported:
		case <-timeout.C:
			t.Fatalf("want %d exported spans; after %v there %s", n, patience, inventory(spans))
			return spans
		}
	}
}

func (e *Exporter) spans() (spans []trace.SpanData, exported <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.batches {
		spans = append(spans, e.batches[i].Spans...)
	}
	if e.exported == nil {
		e.exported = make(chan struct{})
	}
	return spans, e.exported
}
