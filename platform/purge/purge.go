// Package purge is a drop-in replacement for package purge of compute-sdk-go that records a span for each call. Package
// platform describes the rules that all wrapper packages share.
//
//	err := purge.PurgeSurrogateKey(ctx, "products", purge.PurgeOptions{Soft: true}) // a CLIENT span, "purge"
//
// The span has fastly.purge.soft. The surrogate key is recorded only if the context comes from platform.WithKeys.
package purge

import (
	"context"

	"github.com/fastly/compute-sdk-go/purge"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// PurgeOptions are the options of a purge.
type PurgeOptions = purge.PurgeOptions

// PurgeSurrogateKey purges all objects with this surrogate key.
func PurgeSurrogateKey(ctx context.Context, surrogateKey string, opts PurgeOptions) error {
	span := call.Start(ctx, "purge", "")
	defer span.End()
	if span != nil {
		span.SetAttributes(trace.Bool("fastly.purge.soft", opts.Soft))
	}
	call.Key(ctx, span, "fastly.purge.surrogate_key", surrogateKey)
	err := purge.PurgeSurrogateKey(surrogateKey, opts)
	call.Fail(span, err)
	return err
}
