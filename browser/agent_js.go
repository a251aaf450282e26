package browser

import (
	"context"
	"syscall/js"
	"time"

	"github.com/edgespan/edgespan/internal/redact"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// agent traces one page.
type agent struct {
	global, performance js.Value
	page                js.Value // the functions of npm/page.mjs, which never throw, because TinyGo cannot recover on wasm
	origin              float64  // when performance.now() was 0, in milliseconds
	secrets             redact.Names

	tp      *trace.TracerProvider
	encoder otlp.Encoder

	load    context.Context // carries the page load's span
	route   context.Context // the latest route change, if there was one, that began then
	routed  float64
	click   *frame // the latest click, if no route change has followed yet, that was over then
	clicked float64
	frames  frames
	leaving []func()       // called when the page is left
	hiding  []func()       // called when the page is left or hidden
	spans   map[int]handle // by their number in JavaScript: the open spans, at most maxSpans, and
	ended   [128]int       // these, which ended last
	ends    int
	oldest  int // no span has a lower number
}

type handle struct {
	ctx  context.Context
	span *trace.Span
}

// forgotten is the context of a span that ended so long ago that the agent no longer has it. Its children are traced like those of a remote
// parent.
type forgotten struct {
	context.Context
	sc trace.SpanContext
}

// feature is something that the agent traces automatically. Each feature has a file that adds it to features, so that a build tag only has
// to leave out that file.
type feature struct {
	name  string
	start func(*agent)
}

var features []feature

// Run gives JavaScript the functions on which npm/index.mjs builds its API.
func Run() {
	js.Global().Get("__edgespan_ready").Invoke(js.FuncOf(func(_ js.Value, args []js.Value) any {
		return newAgent(args[0]).api()
	}))
}

// newAgent reads the options. index.mjs has set all of them.
func newAgent(o js.Value) *agent {
	g := js.Global()
	a := &agent{secrets: redact.Names{Words: words}, global: g, performance: g.Get("performance"), page: o.Get("page"), spans: map[int]handle{}, load: context.Background()}
	a.origin = o.Get("origin").Float()
	names := o.Get("redact")
	for i := range names.Length() {
		a.secrets.Set(names.Index(i).String(), true)
	}
	said := o.Get("resource")
	pairs := make([]js.Value, said.Length())
	for i := range pairs {
		pairs[i] = said.Index(i)
	}
	sampler := trace.Never()
	if o.Get("sampled").Bool() {
		sampler = trace.Always()
	}
	a.tp = trace.NewTracerProvider(trace.Config{
		Exporter: a, Sampler: sampler, Clock: a.now, OnError: func(err error) { a.page.Call("warn", err.Error()) },
		ServiceName: o.Get("serviceName").String(), ServiceVersion: o.Get("serviceVersion").String(),
		Resource: append([]trace.Attribute{
			trace.String("session.id", o.Get("session").String()),
			trace.Float64("edgespan.session.sample_ratio", o.Get("sampleRatio").Float()),
			trace.String("user_agent.original", g.Get("navigator").Get("userAgent").String()),
			trace.String("telemetry.sdk.language", "webjs"),
		}, attributes(pairs)...),
	})
	if o.Get("sampled").Bool() { // otherwise nothing is sent, and the traceparent of requests says so
		for _, f := range features {
			if o.Get(f.name).Truthy() {
				f.start(a)
			}
		}
	}
	return a
}

// leave ends the open spans when the page is left. Otherwise their traces would be lost, with the spans that have ended.
func (a *agent) leave() {
	for _, h := range a.spans {
		h.span.SetAttributes(trace.Bool("edgespan.page_left", true))
		h.span.End()
	}
	for _, f := range a.leaving {
		f()
	}
}

// hide records what has to be recorded when the page is hidden. On a phone, that is often the last event that a page gets.
func (a *agent) hide() {
	for _, f := range a.hiding {
		f()
	}
}

// now returns the time by the browser's monotonic clock, which its performance entries use too.
func (a *agent) now() time.Time { return a.at(a.performance.Call("now").Float()) }

// at returns the time of a DOMHighResTimeStamp.
func (a *agent) at(ms float64) time.Time { return time.Unix(0, int64((a.origin+ms)*1e6)) }

// Export passes b to the sender.
func (a *agent) Export(_ context.Context, b *trace.Batch) error {
	lines(&a.encoder, b, func(text []byte, spans int) { a.page.Call("push", string(text), spans, len(text)) })
	return nil
}

// start begins a span whose parent is the context's span.
func (a *agent) start(parent context.Context, name string, config trace.StartConfig) (context.Context, *trace.Span) {
	if f, ok := parent.(forgotten); ok {
		config.Parent, config.TrustParent = f.sc, true
	}
	return a.tp.Start(parent, name, config)
}

// record makes a span that has already ended.
func (a *agent) record(parent context.Context, name string, kind trace.SpanKind, from, to float64, attrs ...trace.Attribute) {
	_, span := a.tp.Start(parent, name, trace.StartConfig{Kind: kind, Time: a.at(from), Attributes: attrs})
	span.EndAt(a.at(to))
}

// pageURL is the attribute with the page's address.
func (a *agent) pageURL() trace.Attribute {
	return trace.String("url.full", redacted(a.global.Get("location").Get("href").String(), &a.secrets))
}

// observe calls f with these fields of each entry of a type, earlier ones included. It reports whether the browser has that type. A field that
// the browser does not have is 0 or "".
func (a *agent) observe(kind, fields string, f func(entry []js.Value)) bool {
	return a.page.Call("observe", kind, fields, function(func(args []js.Value) any { f(args); return nil })).Bool()
}

// navigation returns a time of the page's own load, or 0 if the browser does not know it.
func (a *agent) navigation(field string) float64 { return a.page.Call("navigation", field).Float() }

// function makes a function for JavaScript that lives as long as the page. It must keep none of its arguments: npm/wasm.mjs releases them
// when it returns.
func function(f func([]js.Value) any) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any { return f(args) })
}

// during returns the context of what the page was doing at a time: of the latest route change, or of the page load.
func (a *agent) during(ms float64) context.Context {
	if a.route != nil && ms >= a.routed {
		return a.route
	}
	return a.load
}
