package propagation_test

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Reads one format and writes another.
func Example() {
	in := map[string][]string{"B3": {"80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"}}
	ctx, sc := propagation.B3{}.Extract(context.Background(), in)
	out := map[string][]string{}
	propagation.W3C{}.Inject(ctx, out, sc)
	fmt.Println(out["Traceparent"][0])
	// Output: 00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01
}

// Combines the propagator of baggage with that of the trace context.
func ExampleBaggage() {
	ctx, _ := propagation.Baggage{}.Extract(context.Background(), map[string][]string{"Baggage": {"tenant=blue,,broken"}})
	out := map[string][]string{}
	propagation.Baggage{}.Inject(ctx, out, trace.SpanContext{})
	fmt.Println(out["Baggage"])
	// Output: [tenant=blue]
}
