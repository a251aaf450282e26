package batch_test

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// printer is a Sink that prints how much it receives. otlphttp.Exporter is one that sends.
type printer struct{ encoder otlp.Encoder }

func (p *printer) Encode(b *trace.Batch, add func(line []byte, spans int)) {
	add(p.encoder.Append(nil, b), len(b.Spans))
}

func (p *printer) Count(line []byte) int {
	batches, err := otlp.Decode(line)
	if err != nil || len(batches) == 0 {
		return 0
	}
	return len(batches[0].Spans)
}

func (p *printer) Send(_ context.Context, lines [][]byte) batch.Result {
	fmt.Println("sent", len(lines), "traces")
	return batch.Result{Lines: len(lines)}
}

// Holds three traces back, and sends them in one call.
func Example() {
	processor := batch.New(batch.Config{Sink: &printer{}, Mode: batch.Manual})
	tp := trace.NewTracerProvider(trace.Config{Exporter: processor})
	for range 3 {
		_, span := tp.Start(context.Background(), "work", trace.StartConfig{})
		span.End()
	}
	_ = tp.Flush(context.Background())
	fmt.Printf("%+v\n", processor.Stats())
	// Output:
	// sent 3 traces
	// {Given:3 Loaded:0 Sent:3 Rejected:0 Dropped:0 Held:0 Flushes:1 Failures:0 StoreErrors:0 Damaged:0}
}
