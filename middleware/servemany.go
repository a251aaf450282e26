package middleware

import (
	"context"
	"runtime"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// ServeMany is [fsthttp.ServeMany] for a provider whose exporter holds traces back, such as logendpoint.OpenBatched:
//
//	middleware.ServeMany(tp, middleware.New(tp)(handler), &fsthttp.ServeManyOptions{NextTimeout: 2 * time.Second})
//
// ServeMany calls FlushDue before the first request, so that the exporter knows that it may hold traces back, and again after
// each request, traced or not. Then it lets other goroutines run, among them the garbage collector's. At the end it calls
// [trace.TracerProvider.Shutdown], which hands on all that is held back; a batch.Processor takes no spans after that. The end is
// when fsthttp.ServeMany returns, or when the panic of a handler ends the sandbox.
//
// Traces that are held back are lost if the host ends the sandbox, if the program calls os.Exit, or, with TinyGo, after any
// panic, since TinyGo runs no deferred functions of a panic on WebAssembly.
//
// Errors are reported to the provider's OnError. opts may be nil.
func ServeMany(tp *trace.TracerProvider, h fsthttp.HandlerFunc, opts *fsthttp.ServeManyOptions) {
	defer func() { tp.ReportError(tp.Shutdown(context.Background())) }()
	tp.ReportError(tp.FlushDue(context.Background()))
	fsthttp.ServeMany(h, withFlush(tp, opts))
}

// withFlush returns opts with a Continue function that first calls FlushDue. fsthttp calls Continue after each request, to
// learn whether to wait for another.
func withFlush(tp *trace.TracerProvider, opts *fsthttp.ServeManyOptions) *fsthttp.ServeManyOptions {
	var o fsthttp.ServeManyOptions
	if opts != nil {
		o = *opts
	}
	goOn := o.Continue
	o.Continue = func() bool {
		tp.ReportError(tp.FlushDue(context.Background()))
		// WebAssembly interrupts no goroutine, so a service whose handlers never wait for anything would never let the garbage
		// collector's goroutine run. Its memory would grow to the sandbox's limit, at some ten times of what is in use.
		runtime.Gosched()
		return goOn == nil || goOn()
	}
	return &o
}
