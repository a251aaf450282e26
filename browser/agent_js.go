package browser

import (
	"context"
	"syscall/js"
	"time"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// agent traces one page.
type agent struct {
	global, performance js.Value
	origin              float64 // performance.timeOrigin, in milliseconds
	url                 string  // the Collector's, whose requests are not traced
	redactNames         []string

	tp      *trace.TracerProvider
	encoder otlp.Encoder
	sender

	page     context.Context // carries the page load's span
	pageSpan *trace.Span
	active   context.Context // what new spans are children of; the page's until it has loaded
	hidden   []func()        // called when the page goes, before the last flush
	pending  []func()        // hand over what observers have not been told yet
	open     map[int]opened  // the spans that JavaScript has a handle of
	last     int
	ended    [128]int // the latest of them that have ended, which may still get children
	ends     int
}

type opened struct {
	ctx  context.Context
	span *trace.Span
}

// feature is something that is traced by itself. The files of features add theirs, so that a build tag leaves out no more than
// a file.
type feature struct {
	name  string
	start func(*agent)
}

var features []feature

// Run hands the functions that npm/index.mjs builds its API on to JavaScript.
func Run() {
	js.Global().Get("__edgespan_ready").Invoke(js.FuncOf(func(_ js.Value, args []js.Value) any {
		return newAgent(args[0]).api()
	}))
}

// newAgent reads the options, to which index.mjs has added what is missing.
func newAgent(o js.Value) *agent {
	g := js.Global()
	a := &agent{global: g, performance: g.Get("performance"), open: map[int]opened{}, active: context.Background()}
	a.page = a.active
	a.origin = a.performance.Get("timeOrigin").Float()
	a.sender = sender{global: g, page: o.Get("page")}
	a.url = o.Get("url").String()
	a.redactNames = stringsOf(o.Get("redact"))
	sampler := trace.Never()
	if o.Get("sampled").Bool() {
		sampler = trace.Always()
	}
	a.tp = trace.NewTracerProvider(trace.Config{
		Exporter: a, Sampler: sampler, Clock: a.now, OnError: func(err error) { warn(g, err.Error()) },
		ServiceName: o.Get("serviceName").String(), ServiceVersion: o.Get("serviceVersion").String(),
		Resource: []trace.Attribute{
			trace.String("session.id", o.Get("session").String()),
			trace.Float64("edgespan.session.sample_ratio", o.Get("sampleRatio").Float()),
			trace.String("user_agent.original", g.Get("navigator").Get("userAgent").String()),
			trace.String("telemetry.sdk.language", "webjs"),
		},
	})
	if !o.Get("sampled").Bool() {
		return a // there is nothing to send; traceparents still say so to those behind
	}
	a.unpark()
	for _, f := range features {
		if o.Get(f.name).Truthy() {
			f.start(a)
		}
	}
	flush := func(js.Value) { a.flush(false) }
	g.Call("setInterval", callback(flush), 10_000)
	a.listen(g, "online", func(js.Value) { a.failures = 0; a.flush(false) })
	a.listen(g, "pagehide", func(js.Value) {
		for _, o := range a.open { // their traces would be lost with what has ended in them
			o.span.SetAttributes(trace.Bool("browser.page_left", true))
			o.span.End()
		}
		a.leave()
	})
	a.listen(g.Get("document"), "visibilitychange", func(js.Value) {
		if g.Get("document").Get("visibilityState").String() == "hidden" {
			a.leave() // on a phone this is the last event there is
		}
	})
	a.flush(false)
	return a
}

// leave sends what there is while the page can. Entries come to observers when the browser is idle, for which there is no time
// any more, so they are fetched.
func (a *agent) leave() {
	for _, f := range a.pending {
		f()
	}
	for _, f := range a.hidden {
		f()
	}
	a.flush(true)
}

// now is the browser's monotonic clock, by which its own entries go as well.
func (a *agent) now() time.Time { return a.at(a.performance.Call("now").Float()) }

// at returns the time of a DOMHighResTimeStamp.
func (a *agent) at(ms float64) time.Time { return time.Unix(0, int64((a.origin+ms)*1e6)) }

// Export queues b.
func (a *agent) Export(_ context.Context, b *trace.Batch) error {
	a.queue.push(line{string(a.encoder.Append(nil, b)), len(b.Spans)})
	return nil
}

// record makes a span that is over.
func (a *agent) record(parent context.Context, name string, kind trace.SpanKind, from, to float64, attrs ...trace.Attribute) {
	_, span := a.tp.Start(parent, name, trace.StartConfig{Kind: kind, Time: a.at(from), Attributes: attrs})
	span.EndAt(a.at(to))
}

// pageURL is what is recorded of the page's address.
func (a *agent) pageURL() trace.Attribute {
	return trace.String("url.full", redact(a.global.Get("location").Get("href").String(), a.redactNames))
}

// callback is a function for JavaScript. It lives as long as the page.
func callback(f func(js.Value)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		v := js.Undefined()
		if len(args) > 0 {
			v = args[0]
		}
		f(v)
		return nil
	})
}

func (a *agent) listen(target js.Value, event string, f func(js.Value)) {
	target.Call("addEventListener", event, callback(f), true)
}

// observe calls f with each entry of a type, those from before included. It reports whether the browser has that type.
func (a *agent) observe(kind string, f func(entry js.Value)) bool {
	class := a.global.Get("PerformanceObserver")
	if !class.Truthy() || !class.Get("supportedEntryTypes").Call("includes", kind).Bool() {
		return false
	}
	each := func(entries js.Value) {
		for i := range entries.Length() {
			f(entries.Index(i))
		}
	}
	observer := class.New(callback(func(list js.Value) { each(list.Call("getEntries")) }))
	observer.Call("observe", map[string]any{"type": kind, "buffered": true, "durationThreshold": 16})
	a.pending = append(a.pending, func() { each(observer.Call("takeRecords")) })
	return true
}

func stringsOf(list js.Value) (s []string) {
	for i := range list.Length() {
		s = append(s, list.Index(i).String())
	}
	return s
}

func warn(g js.Value, text string) {
	g.Get("console").Call("warn", "edgespan: "+trimSpace(text))
}

// activeSpan is what contexts are told apart by: == of two interfaces makes TinyGo link reflection, 8 kB.
func (a *agent) activeSpan() *trace.Span { return trace.SpanFromContext(a.active) }
