package kvstore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/edgespan/edgespan/platform/kvstore"
)

// Each call is a span below the span in ctx: "get products", "put products".
func Example() {
	visit := func(ctx context.Context, id string) (string, error) {
		store, err := kvstore.Open(ctx, "products")
		if err != nil {
			return "", err
		}
		entry, err := store.Lookup(id)
		if errors.Is(err, kvstore.ErrKeyNotFound) { // the span has 0 rows, and does not fail
			return "", store.InsertWithConfig(id, strings.NewReader("new"), &kvstore.InsertConfig{Mode: kvstore.InsertModeAdd})
		}
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(entry)
		return string(text), err
	}
	_, err := visit(context.Background(), "7")
	fmt.Println(err != nil) // fails here, outside of Compute
	// Output: true
}

// A list has one span per page.
func ExampleStore_List() {
	names := func(ctx context.Context) (names []string, err error) {
		store, err := kvstore.Open(ctx, "products")
		if err != nil {
			return nil, err
		}
		list := store.List(&kvstore.ListConfig{Prefix: "lamp/"})
		for list.Next() {
			names = append(names, list.Page().Data...)
		}
		return names, list.Err()
	}
	_, _ = names(context.Background())
}
