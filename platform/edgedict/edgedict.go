// Package edgedict is compute-sdk-go's edgedict with a span for each call. Package platform tells what all twins have in common.
//
// The span has fastly.dictionary.name and fastly.dictionary.found, and fastly.dictionary.key with platform.WithKeys. Values are never recorded.
//
// The original is deprecated: new code uses configstore.
package edgedict

//lint:file-ignore SA1019 It is the twin of what is deprecated.

import (
	"context"

	"github.com/fastly/compute-sdk-go/edgedict"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// The original's errors.
var (
	ErrDictionaryNotFound    = edgedict.ErrDictionaryNotFound
	ErrDictionaryNameEmpty   = edgedict.ErrDictionaryNameEmpty
	ErrDictionaryNameInvalid = edgedict.ErrDictionaryNameInvalid
	ErrDictionaryNameTooLong = edgedict.ErrDictionaryNameTooLong
	ErrKeyNotFound           = edgedict.ErrKeyNotFound
	ErrUnexpected            = edgedict.ErrUnexpected
)

// Dictionary is an edge dictionary whose calls have spans.
type Dictionary struct {
	*edgedict.Dictionary
	ctx  context.Context
	name string
}

// Open is the original's. What is read is a child of the span that ctx carries.
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

// WithContext returns s for calls below another span.
func (s *Dictionary) WithContext(ctx context.Context) *Dictionary {
	if s == nil {
		return nil
	}
	return &Dictionary{s.Dictionary, ctx, s.name}
}

// Get is the original's.
func (s *Dictionary) Get(key string) (string, error) {
	value, err := s.GetBytes(key)
	return string(value), err
}

// GetBytes is the original's.
func (s *Dictionary) GetBytes(key string) ([]byte, error) {
	if s == nil {
		return nil, ErrKeyNotFound // as the original
	}
	span := s.start("dictionary get", key)
	defer span.End()
	value, err := s.Dictionary.GetBytes(key)
	if span != nil {
		fail(span, call.Found(span, "fastly.dictionary.found", err, ErrKeyNotFound))
	}
	return value, err
}

// Has is the original's.
func (s *Dictionary) Has(key string) (bool, error) {
	if s == nil {
		return false, ErrKeyNotFound // as the original
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
