// Package acl is compute-sdk-go's acl with a span for each lookup. Package platform tells what all twins have in common.
//
// The span has the list's name, whether an entry matches, and its action. Address and prefix come with platform.WithKeys.
package acl

import (
	"context"
	"net"

	"github.com/fastly/compute-sdk-go/acl"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Response is the original's.
type Response = acl.Response

// The original's errors.
var (
	ErrNotFound            = acl.ErrNotFound
	ErrInvalidHandle       = acl.ErrInvalidHandle
	ErrInvalidResponseBody = acl.ErrInvalidResponseBody
	ErrInvalidArgument     = acl.ErrInvalidArgument
	ErrNoContent           = acl.ErrNoContent
	ErrTooManyRequests     = acl.ErrTooManyRequests
	ErrUnexpected          = acl.ErrUnexpected
)

// Handle is an ACL whose lookups have spans.
type Handle struct {
	*acl.Handle
	ctx  context.Context
	name string
}

// Open is the original's. Lookups are children of the span that ctx carries.
func Open(ctx context.Context, name string) (*Handle, error) {
	h, err := acl.Open(name)
	if err != nil {
		span := start(ctx, "acl open", name)
		fail(span, err)
		span.End()
		return nil, err
	}
	return &Handle{h, ctx, name}, nil
}

// WithContext returns the ACL for lookups below another span.
func (h *Handle) WithContext(ctx context.Context) *Handle { return &Handle{h.Handle, ctx, h.name} }

// Lookup is the original's.
func (h *Handle) Lookup(ip net.IP) (Response, error) {
	span := start(h.ctx, "acl lookup", h.name)
	defer span.End()
	r, err := h.Handle.Lookup(ip)
	if span == nil {
		return r, err
	}
	if call.Keys(h.ctx) {
		span.SetAttributes(trace.String("fastly.acl.ip", ip.String()))
		if err == nil {
			span.SetAttributes(trace.String("fastly.acl.prefix", r.Prefix))
		}
	}
	if err == nil {
		span.SetAttributes(trace.String("fastly.acl.action", r.Action))
	}
	fail(span, call.Found(span, "fastly.acl.found", err, ErrNoContent))
	return r, err
}

func start(ctx context.Context, operation, name string) *trace.Span {
	span := call.Start(ctx, operation, name)
	if span != nil {
		span.SetAttributes(trace.String("fastly.acl.name", name))
	}
	return span
}

func fail(span *trace.Span, err error) {
	if err == nil || span == nil {
		return
	}
	call.Fail(span, err,
		call.Status{Err: ErrNotFound, Name: "not_found"},
		call.Status{Err: ErrInvalidHandle, Name: "badf"},
		call.Status{Err: ErrInvalidArgument, Name: "inval"},
		call.Status{Err: ErrTooManyRequests, Name: "too_many_requests"},
		call.Status{Err: ErrInvalidResponseBody, Name: "invalid_response_body"},
		call.Status{Err: ErrUnexpected, Name: "uninitialized"}, // without a status in its text
	)
}
