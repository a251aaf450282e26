package purge_test

import (
	"context"

	"github.com/edgespan/edgespan/platform/purge"
)

// The surrogate key is in the span only below platform.WithKeys.
func ExamplePurgeSurrogateKey() {
	err := purge.PurgeSurrogateKey(context.Background(), "report", purge.PurgeOptions{Soft: true})
	_ = err // here is no platform
}
