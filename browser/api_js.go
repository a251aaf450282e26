package browser

import (
	"context"
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

// api returns the functions that index.mjs calls. index.mjs numbers the spans and passes the numbers: functions for each method of each span
// would have to be released. Attributes are the last arguments, as keys and values in turn: reading them from an object would cost a call
// each.
func (a *agent) api() js.Value {
	return js.ValueOf(map[string]any{
		"start": function(func(args []js.Value) any { // handle, name, parent, its traceparent, kind, start; returns traceparent and parent's id
			parent := a.named(args[2], args[3])
			ctx, span := a.start(parent, args[1].String(), trace.StartConfig{
				Kind: trace.SpanKind(args[4].Int()), Time: a.at(args[5].Float()), Attributes: attributes(args[6:]),
			})
			n := args[0].Int()
			a.spans[n] = handle{ctx, span}
			a.abandon(n)
			return span.SpanContext().Traceparent() + parentOf(parent)
		}),
		"attribute": a.method(func(s *trace.Span, args []js.Value) { s.SetAttributes(attributes(args)...) }),
		"event": a.method(func(s *trace.Span, args []js.Value) {
			s.AddEventAt(a.at(args[1].Float()), args[0].String(), attributes(args[2:])...)
		}),
		"status": a.method(func(s *trace.Span, args []js.Value) {
			s.SetStatus(trace.ParseStatusCode(args[0].String()), args[1].String())
		}),
		"end": function(func(args []js.Value) any {
			n := args[0].Int()
			a.spans[n].span.EndAt(a.at(args[1].Float()))
			oldest := &a.ended[a.ends%len(a.ended)]
			delete(a.spans, *oldest)
			*oldest = n
			a.ends++
			return nil
		}),
		"enter": function(func(args []js.Value) any { // span, its traceparent; makes it the parent of the spans that start until exit
			a.frames.enter(a.named(args[0], args[1]), true)
			return nil
		}),
		"exit":      function(func([]js.Value) any { a.frames.exit(); return nil }),
		"setOrigin": function(func(args []js.Value) any { a.origin = args[0].Float(); return nil }),
		"redact":    function(func(args []js.Value) any { return redacted(args[0].String(), &a.secrets) }),
		"leave":     function(func([]js.Value) any { a.leave(); return nil }),
		"hide":      function(func([]js.Value) any { a.hide(); return nil }),
	})
}

// maxSpans is how many spans have a handle. A page that stays for days may have code that starts spans and never ends them.
const maxSpans = 1000

// abandon ends the oldest spans if there are too many. newest is the number of the span that started last.
func (a *agent) abandon(newest int) {
	for ; len(a.spans) > maxSpans && a.oldest < newest; a.oldest++ {
		if h, ok := a.spans[a.oldest]; ok {
			h.span.SetAttributes(trace.Bool("edgespan.abandoned", true)) // does nothing if it has ended
			h.span.End()
			delete(a.spans, a.oldest)
		}
	}
}

// method makes a function for JavaScript that calls f with a span, if the agent still has it.
func (a *agent) method(f func(*trace.Span, []js.Value)) js.Func {
	return function(func(args []js.Value) any {
		if h, ok := a.spans[args[0].Int()]; ok {
			f(h.span, args[1:])
		}
		return nil
	})
}

// named returns the context of the span that JavaScript names, or the active one if it names none.
func (a *agent) named(number, traceparent js.Value) context.Context {
	if h, ok := a.spans[number.Int()]; ok {
		return h.ctx
	}
	if sc, err := trace.ParseTraceparent(traceparent.String()); err == nil {
		return forgotten{context.Background(), sc}
	}
	return a.frames.active()
}

func parentOf(ctx context.Context) string {
	if f, ok := ctx.(forgotten); ok {
		return f.sc.SpanID.String()
	}
	if s := trace.SpanFromContext(ctx); s != nil {
		return s.SpanContext().SpanID.String()
	}
	return ""
}

// attributes makes attributes from keys and values. index.mjs only passes strings, numbers, booleans and lists of strings.
func attributes(pairs []js.Value) (attrs []trace.Attribute) {
	for ; len(pairs) > 1; pairs = pairs[2:] {
		attrs = append(attrs, attribute(pairs[0].String(), pairs[1]))
	}
	return attrs
}

func attribute(key string, v js.Value) trace.Attribute {
	switch v.Type() {
	case js.TypeString:
		return trace.String(key, v.String())
	case js.TypeBoolean:
		return trace.Bool(key, v.Bool())
	case js.TypeNumber:
		f := v.Float()
		if f != float64(int64(f)) || f > 1<<53 || f < -1<<53 {
			return trace.Float64(key, f)
		}
		return trace.Int64(key, int64(f)) // TinyGo's int has 32 bits
	}
	list := make([]string, v.Length())
	for i := range list {
		list[i] = v.Index(i).String()
	}
	return trace.Strings(key, list...)
}
