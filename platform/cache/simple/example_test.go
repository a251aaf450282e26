package simple_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/edgespan/edgespan/platform/cache/simple"
)

// The price is computed at most once a minute.
func ExampleGetOrSet() {
	price := func(ctx context.Context, id string) (string, error) {
		body, err := simple.GetOrSet(ctx, []byte("price/"+id), func() (simple.CacheEntry, error) {
			return simple.CacheEntry{Body: strings.NewReader("4200"), TTL: time.Minute}, nil
		})
		if err != nil {
			return "", err
		}
		defer func() { _ = body.Close() }()
		text, err := io.ReadAll(body)
		return string(text), err
	}
	_, err := price(context.Background(), "7")
	fmt.Println(err != nil) // fails here, outside of Compute
	// Output: true
}
