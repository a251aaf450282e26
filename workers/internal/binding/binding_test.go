package binding

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

func TestErrorType(t *testing.T) {
	for text, want := range map[string]string{
		"failed on promise: TypeError: Illegal invocation":                          "TypeError",
		"failed on promise: Error: D1_ERROR: no such table: x: SQLITE_ERROR":        "D1_ERROR",
		"failed on promise: Error: KV PUT failed: 400 Invalid expiration_ttl of 1.": "Error",
		"failed on promise: Error: get: the key is too long (10052)":                "Error",
		"failed on promise: Error: AZ_09: x":                                        "AZ_09",
		"failed on promise: azAZ09_Error: x":                                        "azAZ09_Error",
		"failed on promise: D1-ERROR: x":                                            "Error",
		"failed on promise: something":                                              "Error",
		"failed on promise: ":                                                       "Error",
		"no promise at all":                                                         "*errors.errorString",
	} {
		assert.Equal(t, want, ErrorType(errors.New(text)), text)
	}
}

func TestStart(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	assert.Nil(t, Start(context.Background(), "get", "KV", "ITEMS"), "there is no trace to be a part of")
	ctx, root := tp.Start(context.Background(), "root", trace.StartConfig{})
	span := StartDB(ctx, "get", "cloudflare-kv", "KV", "ITEMS")
	Fail(span, errors.New("failed on promise: RangeError: x"))
	span.End()
	Start(ctx, "put", "R2", "FILES", trace.Int("more", 1)).End()
	root.End()
	tracetest.AssertAttributes(t, tracetest.Span(t, exporter.Spans(), "put FILES"), trace.String("cloudflare.binding.type", "R2"), trace.Int("more", 1))
	got := tracetest.Span(t, exporter.Spans(), "get ITEMS")
	tracetest.AssertAttributes(t, got, trace.String("db.system.name", "cloudflare-kv"), trace.String("cloudflare.binding.name", "ITEMS"),
		trace.String("cloudflare.binding.type", "KV"), trace.String("db.namespace", "ITEMS"), trace.String("error.type", "RangeError"))
	tracetest.AssertStatus(t, got, trace.StatusError, "failed on promise: RangeError: x")
	assert.Equal(t, trace.SpanKindClient, got.Kind)
	assert.Empty(t, Fail(nil, errors.New("x")))
}
