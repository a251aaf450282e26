package configstore_test

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/platform/configstore"
)

// A missing key has a default value, and does not fail the span.
func Example() {
	currency := func(ctx context.Context) string {
		store, err := configstore.Open(ctx, "settings")
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
