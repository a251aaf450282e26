package httpconv

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

func TestHeaders(t *testing.T) {
	r := NewRedactor(nil, nil)
	set := r.Headers("http.request.header.", []string{" accept-Language\t", "", " ", "X-API-Key", "Referer", "X-Absent", "X-None", "A-Z"})
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	_, span := tp.Start(context.Background(), "request", trace.StartConfig{})
	Record(span, set, map[string][]string{
		"Accept-Language": {"de", "", "en"},
		"X-Api-Key":       {"a", "b"},
		"Referer":         {"https://h.example/?token=x&a=1"},
		"X-None":          {},
		"A-Z":             {"1"},
		"X-Other":         {"not asked for"},
	})
	span.End()
	assert.Equal(t, []trace.Attribute{
		trace.Strings("http.request.header.accept-language", "de", "", "en"),
		trace.Strings("http.request.header.x-api-key", Redacted, Redacted),
		trace.Strings("http.request.header.referer", "https://h.example/?token="+Redacted+"&a=1"),
		trace.Strings("http.request.header.a-z", "1"),
	}, exporter.Spans()[0].Attributes)
}
