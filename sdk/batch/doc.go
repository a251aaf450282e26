// Package batch collects finished traces and sends many of them at once, for runtimes that live longer than one request:
// native servers, browsers, and sandboxes that serve many requests.
//
//	exporter := otlphttp.New(otlphttp.Config{URL: "http://localhost:4318", Transport: &nethttp.Transport{}})
//	processor := batch.New(batch.Config{Sink: exporter})
//	tp := trace.NewTracerProvider(trace.Config{Exporter: processor})
//	…
//	err := tp.Shutdown(ctx) // when the program ends: what could not be sent, nobody else says
//
// The way of one trace: Export has the [Sink] encode it, and holds the line. When [Config.Spans] or half of MaxBytes are held, or the oldest is of
// [Config.Age], all that is held goes to [Sink.Send] in one call. What is sent is forgotten. After a failure it is kept, and tried
// again after a time that doubles with each failure and is partly random, or after the time that the receiver names, until
// [Config.Attempts]; what has failed least goes first, so that a trace that the receiver never takes holds up no other. What comes
// when [Config.MaxSpans] or MaxBytes are held is dropped.
//
// Who sends is a question of the runtime, and [Config.Mode] the answer: a goroutine that lives while something is held
// ([Background]), the caller of Export ([Inline]), or nobody but the caller of Flush ([Manual]).
//
// A Store lets what is held survive the process (filestore, below this package) or the page (browser/localstore). A line is there
// from Export until it is sent or dropped, so a crash between the two sends it twice and loses none. What earlier processes have
// left there beyond MaxSpans and MaxBytes stays there until there is room.
//
// Traces are encoded when they come and not cloned. An encoded span is some 400 bytes in one piece, which a store takes as it
// is, which is not encoded again at the next try, and which the garbage collector need not look into; a clone is three
// to ten allocations that hold more, and has to be encoded all the same.
//
// Nothing here panics, whatever Sink and [Store] do. Flush and Shutdown return when their context is done, also when a Sink does not
// look at it. Export waits for [Sink.Encode], for the Store half a second at most, and for Sink.Send in Inline mode alone. No
// lock is held while another's code runs, but for one that keeps two calls of Encode apart. Every span is accounted for: see [Stats].
// All methods may be called from any goroutine, and on nil.
package batch
