package baggage_test

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/sdk/baggage"
)

// Reads the baggage of a request, changes it, and writes it as a header.
func Example() {
	b, dropped := baggage.Parse("tenant=blue;ttl=5", "no value, user=%C3%84da")
	fmt.Println(b.Get("tenant"), b.Get("user"), dropped)

	b, _ = b.With("plan", "pro, yearly")
	ctx := baggage.ContextWithBaggage(context.Background(), b)
	fmt.Println(baggage.FromContext(ctx))
	// Output:
	// blue Äda 1
	// tenant=blue;ttl=5,user=%C3%84da,plan=pro%2C%20yearly
}
