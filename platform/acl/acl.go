// Package acl is a drop-in replacement for package acl of compute-sdk-go that records a span for each lookup. Package platform
// describes the rules that all wrapper packages share.
//
//	list, err := acl.Open(ctx, "blocked")
//	response, err := list.Lookup(ip) // a CLIENT span, "acl lookup blocked"
//
// The span has the ACL's name, whether an entry matches, and the entry's action. The address and the matching prefix are
// recorded only if the context comes from platform.WithKeys.
package acl

import (
	"context"
	"net"

	"github.com/fastly/compute-sdk-go/acl"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Response is the entry that matches an address.
type Response = acl.Response

// The errors of compute-sdk-go's acl.
var (
	ErrNotFound            = acl.ErrNotFound
	ErrInvalidHandle       = acl.ErrInvalidHandle
	ErrInvalidResponseBody = acl.ErrInvalidResponseBody
	ErrInvalidArgument     = acl.ErrInvalidArgument
	ErrNoContent           = acl.ErrNoContent
	ErrTooManyRequests     = acl.ErrTooManyRequests
	ErrUnexpected          = acl.ErrUnexpected
)

// Handle is compute-sdk-go's [acl.Handle] with a span for each of its lookups.
type Handle struct {
	*acl.Handle
	ctx  context.Context
	name string
}

// Open opens the ACL with this name. The spans of its lookups are children of the span in ctx.
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

// WithContext returns a copy of the ACL whose spans are children of the span in ctx.
func (h *Handle) WithContext(ctx context.Context) *Handle { return &Handle{h.Handle, ctx, h.name} }

// Lookup looks up an address. If no entry matches it returns [ErrNoContent], which does not fail the span.
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
		call.Status{Err: ErrUnexpected, Name: "uninitialized"}, // the error's text contains no status
	)
}
