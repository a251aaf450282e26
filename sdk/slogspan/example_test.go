package slogspan_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

// A Compute service with traces and logs. No log is written before the client has its response.
func Example() {
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: logendpoint.Open("otlp_logs")})
	logs := slogspan.NewHandler(logendpoint.OpenWriter("logs"), slogspan.Config{Provider: tp})
	logger := slog.New(logs)

	serve(middleware.New(tp, middleware.Config{
		AfterResponse: []func(context.Context){logs.AfterResponse()},
	})(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		logger.InfoContext(ctx, "cart is full", "items", 12)
		_, _ = fmt.Fprintln(w, "No more than twelve.")
	})))
}

// serve stands for fsthttp.Serve, which needs a Compute host.
func serve(fsthttp.HandlerFunc) {}

// withoutTime makes the output of an example the same in each run.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

// Without the middleware, call the function of AfterResponse yourself at the end of a request.
func ExampleHandler_AfterResponse() {
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", IDs: new(fixedIDs)})
	logs := slogspan.NewHandler(os.Stdout, slogspan.Config{Provider: tp, Format: slogspan.JSON, ReplaceAttr: withoutTime})
	logger := slog.New(logs)
	afterResponse := logs.AfterResponse()

	ctx, span := tp.Start(context.Background(), "GET /cart", trace.StartConfig{})
	logger.InfoContext(ctx, "cart is full", "items", 12)
	logger.ErrorContext(ctx, "no stock", slog.Group("item", "id", 7), "err", errors.New("sold out"))
	span.End()

	fmt.Println("Nothing is written yet.")
	afterResponse(ctx)
	// Output:
	// Nothing is written yet.
	// {"level":"INFO","msg":"cart is full","trace_id":"aa000000000000000000000000000001","span_id":"bb00000000000001","trace_flags":"00","service.name":"shop","items":12}
	// {"level":"ERROR","msg":"no stock","trace_id":"aa000000000000000000000000000001","span_id":"bb00000000000001","trace_flags":"00","service.name":"shop","item":{"id":7},"err":"sold out"}
}

// Writes all records of a request as one line of OTLP/JSON.
func ExampleNewHandler() {
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop"})
	logs := slogspan.NewHandler(newlines{}, slogspan.Config{Provider: tp})
	logger := slog.New(logs)
	afterResponse := logs.AfterResponse() // for middleware.Config.AfterResponse

	ctx, span := tp.Start(context.Background(), "GET /cart", trace.StartConfig{})
	logger.InfoContext(ctx, "one")
	logger.InfoContext(ctx, "two")
	logger.InfoContext(ctx, "three")
	span.End()
	afterResponse(ctx)

	fmt.Printf("%+v\n", logs.Stats().Records)
	// Output:
	// a line with 3 records
	// 3
}

// newlines is a writer that prints how many records each line has.
type newlines struct{}

func (newlines) Write(line []byte) (int, error) {
	fmt.Println("a line with", strings.Count(string(line), `"body"`), "records")
	return len(line), nil
}

// Removes secrets from logs.
func ExampleConfig_replaceAttr() {
	logger := slog.New(slogspan.NewHandler(os.Stdout, slogspan.Config{
		Format:   slogspan.JSON,
		Provider: trace.NewTracerProvider(trace.Config{ServiceName: "shop"}),
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if middleware.IsSecret(a.Key) {
				return slog.String(a.Key, "REDACTED")
			}
			return withoutTime(groups, a)
		},
	}))
	logger.Info("signed in", "user", "ada", "password", "hunter2")
	// Output:
	// {"level":"INFO","msg":"signed in","service.name":"shop","user":"ada","password":"REDACTED"}
}

// With FlushLevel, an error and the records before it are not lost if the sandbox ends before the request does.
func ExampleConfig_flushLevel() {
	tp := trace.NewTracerProvider(trace.Config{})
	logs := slogspan.NewHandler(newlines{}, slogspan.Config{Provider: tp, FlushLevel: slog.LevelError})
	logs.AfterResponse() // for middleware.Config.AfterResponse
	ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
	slog.New(logs).InfoContext(ctx, "asking the backend")
	slog.New(logs).ErrorContext(ctx, "the backend does not answer")
	// Output:
	// a line with 2 records
}
