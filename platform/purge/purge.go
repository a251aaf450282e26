// Package purge is compute-sdk-go's purge with a span for each call. Package platform tells what all twins have in common.
package purge

import (
	"context"

	"github.com/fastly/compute-sdk-go/purge"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// PurgeOptions is the original's.
type PurgeOptions = purge.PurgeOptions

// PurgeSurrogateKey is the original's.
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
