package edgedict_test

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/platform/edgedict"
)

// A missing key has a default value, and does not fail the span.
func Example() {
	currency := func(ctx context.Context) string {
		store, err := edgedict.Open(ctx, "settings")
		if err != nil {
			return "EUR"
		}
		if code, err := store.Get("currency"); err == nil {
			return code
		}
		return "EUR"
	}
	fmt.Println(currency(context.Background())) // fails here, outside of Compute
	// Output: EUR
}
