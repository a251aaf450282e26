// Package shielding is a drop-in replacement for package shielding of compute-sdk-go that records a span for each call. Package
// platform describes the rules that all wrapper packages share.
//
//	shield, err := shielding.ShieldFromName(ctx, "fra-de") // a CLIENT span, "shield lookup fra-de"
//	name, err := shield.Backend(nil)                       // a CLIENT span, "shield backend fra-de"
package shielding

import (
	"context"

	"github.com/fastly/compute-sdk-go/shielding"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// BackendOptions are the options of a shield's backend.
type BackendOptions = shielding.BackendOptions

// Shield is compute-sdk-go's [shielding.Shield] with a span for each of its calls.
type Shield struct {
	*shielding.Shield
	ctx context.Context
}

// ShieldFromName returns the shield at the site with this name. The span records whether the service is running on that site.
func ShieldFromName(ctx context.Context, n string) (*Shield, error) {
	span := start(ctx, "shield lookup", n)
	defer span.End()
	s, err := shielding.ShieldFromName(n)
	if err != nil {
		call.Fail(span, err)
		return nil, err
	}
	if span != nil {
		span.SetAttributes(trace.Bool("fastly.shield.running_on", s.IsRunningOn()))
	}
	return &Shield{s, ctx}, nil
}

// WithContext returns a copy of the shield whose spans are children of the span in ctx.
func (s *Shield) WithContext(ctx context.Context) *Shield { return &Shield{s.Shield, ctx} }

// Backend returns the name of a backend that sends to the shield. The span records that name. opts may be nil.
func (s *Shield) Backend(opts *BackendOptions) (string, error) {
	span := start(s.ctx, "shield backend", s.Name())
	defer span.End()
	name, err := s.Shield.Backend(opts)
	if err == nil && span != nil {
		span.SetAttributes(trace.String("fastly.backend", name))
	}
	call.Fail(span, err)
	return name, err
}

func start(ctx context.Context, operation, name string) *trace.Span {
	span := call.Start(ctx, operation, name)
	if span != nil {
		span.SetAttributes(trace.String("fastly.shield.name", name))
	}
	return span
}
