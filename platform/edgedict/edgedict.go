// Package edgedict is a drop-in replacement for package edgedict of compute-sdk-go that records a span for each call. Package
// platform describes the rules that all wrapper packages share.
//
//	dictionary, err := edgedict.Open(ctx, "settings")
//	currency, err := dictionary.Get("currency") // a CLIENT span, "dictionary get settings"
//
// The span has fastly.dictionary.name and fastly.dictionary.found. The key is recorded, as fastly.dictionary.key, only if the
// context comes from platform.WithKeys. Values are never recorded.
//
// compute-sdk-go's edgedict is deprecated. New code should use package configstore.
package edgedict

//lint:file-ignore SA1019 the wrapped package is deprecated

import (
	"context"

	"github.com/fastly/compute-sdk-go/edgedict"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// The errors of compute-sdk-go's edgedict.
var (
	ErrDictionaryNotFound    = edgedict.ErrDictionaryNotFound
	ErrDictionaryNameEmpty   = edgedict.ErrDictionaryNameEmpty
	ErrDictionaryNameInvalid = edgedict.ErrDictionaryNameInvalid
	ErrDictionaryNameTooLong = edgedict.ErrDictionaryNameTooLong
	ErrKeyNotFound           = edgedict.ErrKeyNotFound
	ErrUnexpected            = edgedict.ErrUnexpected
)

// Dictionary is compute-sdk-go's [edgedict.Dictionary] with a span for each of its calls.
type Dictionary struct {
	*edgedict.Dictionary
	ctx  context.Context
	name string
}

// Open opens the edge dictionary with this name. The spans of its calls are children of the span in ctx.
func Open(ctx context.Context, name string) (*Dictionary, error) {
	s, err := edgedict.Open(name)
	if err != nil {
		span := start(ctx, "dictionary open", name)
		fail(span, err)
		span.End()
		return nil, err
	}
	return &Dictionary{s, ctx, name}, nil
}

// WithContext returns a copy of the dictionary whose spans are children of the span in ctx.
func (s *Dictionary) WithContext(ctx context.Context) *Dictionary {
	if s == nil {
		return nil
	}
	return &Dictionary{s.Dictionary, ctx, s.name}
}

// Get returns the value of key. If there is none it returns [ErrKeyNotFound], which does not fail the span.
func (s *Dictionary) Get(key string) (string, error) {
	value, err := s.GetBytes(key)
	return string(value), err
}

// GetBytes returns the value of key. If there is none it returns [ErrKeyNotFound], which does not fail the span.
func (s *Dictionary) GetBytes(key string) ([]byte, error) {
	if s == nil {
		return nil, ErrKeyNotFound // as compute-sdk-go does
	}
	span := s.start("dictionary get", key)
	defer span.End()
	value, err := s.Dictionary.GetBytes(key)
	if span != nil {
		fail(span, call.Found(span, "fastly.dictionary.found", err, ErrKeyNotFound))
	}
	return value, err
}

// Has reports whether key exists.
func (s *Dictionary) Has(key string) (bool, error) {
	if s == nil {
		return false, ErrKeyNotFound // as compute-sdk-go does
	}
	span := s.start("dictionary has", key)
	defer span.End()
	ok, err := s.Dictionary.Has(key)
	switch {
	case span == nil:
	case err == nil || err == ErrKeyNotFound:
		span.SetAttributes(trace.Bool("fastly.dictionary.found", ok))
	default:
		fail(span, err)
	}
	return ok, err
}

func (s *Dictionary) start(operation, key string) *trace.Span {
	span := start(s.ctx, operation, s.name)
	call.Key(s.ctx, span, "fastly.dictionary.key", key)
	return span
}

func start(ctx context.Context, operation, name string) *trace.Span {
	span := call.Start(ctx, operation, name)
	if span != nil {
		span.SetAttributes(trace.String("fastly.dictionary.name", name))
	}
	return span
}

func fail(span *trace.Span, err error) {
	if err == nil || span == nil {
		return
	}
	call.Fail(span, err,
		call.Status{Err: ErrDictionaryNotFound, Name: "not_found"},
		call.Status{Err: ErrDictionaryNameEmpty, Name: "not_found"},
		call.Status{Err: ErrDictionaryNameTooLong, Name: "unsupported"},
		call.Status{Err: ErrDictionaryNameInvalid, Name: "inval"},
		call.Status{Err: ErrUnexpected, Name: "error"},
	)
}
