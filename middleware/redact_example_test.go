package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// redactErrors is an exporter that redacts URLs in the texts of errors before it passes a trace on.
type redactErrors struct{ next trace.Exporter }

func (e redactErrors) Export(ctx context.Context, b *trace.Batch) error {
	for i := range b.Spans {
		span := &b.Spans[i]
		span.Status.Description = middleware.RedactText(span.Status.Description)
		for _, event := range span.Events {
			for k, a := range event.Attributes {
				if a.Key == "exception.message" {
					event.Attributes[k] = trace.String(a.Key, middleware.RedactText(a.Value.Str()))
				}
			}
		}
	}
	return e.next.Export(ctx, b)
}

func ExampleRedactText() {
	recorded := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: redactErrors{recorded}}) // in a service: redactErrors{logendpoint.Open("otlp_logs")}

	_, span := tp.Start(context.Background(), "prices", trace.StartConfig{})
	err := &url.Error{Op: "Get", URL: "https://api.example/prices?api_key=s3cret&page=2", Err: errors.New("connection refused")}
	span.RecordError(err)
	span.SetStatus(trace.StatusError, err.Error())
	span.End()

	fmt.Println(recorded.Spans()[0].Status.Description)
	fmt.Println(recorded.Spans()[0].Events[0].Attributes[1].Value.Str())
	// Output:
	// Get "https://api.example/prices?api_key=REDACTED&page=2": connection refused
	// Get "https://api.example/prices?api_key=REDACTED&page=2": connection refused
}
