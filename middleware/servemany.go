package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// ServeMany is [fsthttp.ServeMany] for a provider whose exporter holds traces back, such as logendpoint.OpenBatched:
//
//	middleware.ServeMany(tp, middleware.New(tp)(handler), &fsthttp.ServeManyOptions{NextTimeout: 2 * time.Second})
//
// Before the first request it calls FlushDue, by which an exporter knows that it may hold traces back. After each request, traced
// or not, what has been held for long enough leaves. When ServeMany returns, and when a handler's panic
// ends the sandbox, all that is held leaves by [trace.TracerProvider.Shutdown]: a batch.Processor takes no spans after that; not so where the host ends it, by os.Exit, or by a panic with TinyGo,
// which runs no deferred functions on WebAssembly. What fails is reported to the provider's OnError. opts may be nil.
func ServeMany(tp *trace.TracerProvider, h fsthttp.HandlerFunc, opts *fsthttp.ServeManyOptions) {
	defer func() { tp.ReportError(tp.Shutdown(context.Background())) }()
	tp.ReportError(tp.FlushDue(context.Background()))
	fsthttp.ServeMany(h, withFlush(tp, opts))
}

// withFlush looks at what is held whenever fsthttp asks whether to wait for another request.
func withFlush(tp *trace.TracerProvider, opts *fsthttp.ServeManyOptions) *fsthttp.ServeManyOptions {
	var o fsthttp.ServeManyOptions
	if opts != nil {
		o = *opts
	}
	goOn := o.Continue
	o.Continue = func() bool {
		tp.ReportError(tp.FlushDue(context.Background()))
		return goOn == nil || goOn()
	}
	return &o
}
