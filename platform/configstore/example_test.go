package configstore_test

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/platform/configstore"
)

// What is not there has a default, and is no error of the span.
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
	fmt.Println(currency(context.Background())) // here is no platform
	// Output: EUR
}
