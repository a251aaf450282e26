package secretstore_test

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/platform/secretstore"
)

// The span has the names of the store and of the secret, but no value.
func Example() {
	authorize := func(ctx context.Context, req *fsthttp.Request) error {
		store, err := secretstore.Open(ctx, "keys")
		if err != nil {
			return err
		}
		secret, err := store.Get("orders_token")
		if err != nil {
			return err
		}
		token, err := secret.Plaintext()
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+string(token))
		}
		return err
	}
	_ = authorize
}
