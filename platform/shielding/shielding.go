// Package shielding is compute-sdk-go's shielding with a span for each call. Package platform tells what all twins have in
// common.
package shielding

import (
	"context"

	"github.com/fastly/compute-sdk-go/shielding"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// BackendOptions is the original's.
type BackendOptions = shielding.BackendOptions

// Shield is a shield whose calls have spans.
type Shield struct {
	*shielding.Shield
	ctx context.Context
}

// ShieldFromName is the original's. The span tells whether this is that site.
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

// WithContext returns the shield for calls below another span.
func (s *Shield) WithContext(ctx context.Context) *Shield { return &Shield{s.Shield, ctx} }

// Backend is the original's. The span has the backend's name.
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
