package purge_test

import (
	"context"

	"github.com/edgespan/edgespan/platform/purge"
)

// The span records the surrogate key only below platform.WithKeys.
func ExamplePurgeSurrogateKey() {
	err := purge.PurgeSurrogateKey(context.Background(), "report", purge.PurgeOptions{Soft: true})
	_ = err // fails here, outside of Compute
}
