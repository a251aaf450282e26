// Package batch holds finished traces back and sends many of them at once. It is for runtimes that live longer than one
// request: native servers, browsers, and sandboxes that serve many requests.
//
//	exporter := otlphttp.New(otlphttp.Config{URL: "http://localhost:4318", Transport: &nethttp.Transport{}})
//	processor := batch.New(batch.Config{Sink: exporter})
//	tp := trace.NewTracerProvider(trace.Config{Exporter: processor})
//	…
//	err := tp.Shutdown(ctx) // at the end of the program; err is the only report of what could not be sent then
//
// # From Export to the receiver
//
//   - Export has the [Sink] encode the trace, and holds the lines.
//   - When [Config.Spans] spans are held, or half of MaxBytes, or when the oldest line is [Config.Age] old, all lines go to
//     [Sink.Send] in one call.
//   - Lines that are sent are forgotten. After a failure, lines are kept and tried again, up to [Config.Attempts] times. The
//     wait doubles with each failure and is partly random. If the receiver asks for a pause, the wait is at least as long.
//   - Lines that have failed least are sent first, so that a trace that the receiver never accepts does not hold up others.
//   - While [Config.MaxSpans] or MaxBytes are held, new traces are dropped.
//
// [Config.Mode] says which goroutine sends: one of the processor, which runs while anything is held ([Background]), the caller
// of Export ([Inline]), or only the caller of Flush ([Manual]).
//
// # Surviving the process
//
// With a [Store], held lines survive the process (package filestore) or the page (browser/localstore). A line is in the store
// from Export until it is sent or dropped, so a crash in between may send it twice, but does not lose it. Lines of earlier
// processes that exceed MaxSpans or MaxBytes stay in the store until there is room.
//
// # Failures, concurrency, cost
//
// Every span is accounted for, see [Stats]. The package does not panic, whatever the Sink and the Store do. All methods may be
// called from any goroutine, and on nil.
//
// Flush and Shutdown return when their context is done, even if the Sink ignores it. Export waits for [Sink.Encode], at most
// half a second for the Store, and in Inline mode for Sink.Send. While user code runs, the processor holds no lock except the
// one that separates two calls of Encode.
//
// Traces are encoded when they arrive, and not cloned. An encoded span is one piece of about 400 bytes. A store can take it as
// it is, another try does not encode it again, and the garbage collector does not look into it. A clone is three to ten
// allocations that hold more memory, and would have to be encoded later anyway.
package batch
