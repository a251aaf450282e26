package browser

import (
	"context"
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

// api returns the functions that index.mjs calls. Spans are numbers there: a function for each method of each span would have
// to be released by somebody.
func (a *agent) api() js.Value {
	return js.ValueOf(map[string]any{
		"start": a.function(func(args []js.Value) any { // name, parent, kind, start or undefined
			parent := a.active
			if p, ok := a.open[args[1].Int()]; ok {
				parent = p.ctx
			}
			config := trace.StartConfig{Kind: trace.ParseSpanKind(args[2].String())}
			if args[3].Type() == js.TypeNumber {
				config.Time = a.at(args[3].Float())
			}
			ctx, span := a.tp.Start(parent, args[0].String(), config)
			a.last++
			a.open[a.last] = opened{ctx, span}
			sc := span.SpanContext()
			return map[string]any{"handle": a.last, "traceparent": sc.Traceparent(), "parentSpanId": parentOf(parent)}
		}),
		"attribute": a.method(func(s *trace.Span, args []js.Value) {
			if attr, ok := attribute(args[0].String(), args[1]); ok {
				s.SetAttributes(attr)
			}
		}),
		"event": a.method(func(s *trace.Span, args []js.Value) {
			s.AddEventAt(a.at(args[1].Float()), args[0].String(), attributes(args[2])...)
		}),
		"status": a.method(func(s *trace.Span, args []js.Value) {
			s.SetStatus(trace.ParseStatusCode(args[0].String()), args[1].String())
		}),
		"end": a.function(func(args []js.Value) any {
			h := args[0].Int()
			a.open[h].span.EndAt(a.at(args[1].Float()))
			oldest := &a.ended[a.ends%len(a.ended)]
			delete(a.open, *oldest)
			*oldest = h
			a.ends++
			return nil
		}),
		"active": a.function(func(args []js.Value) any { // makes a span the parent of what follows; returns how to undo it
			before := a.active
			if p, ok := a.open[args[0].Int()]; ok {
				a.active = p.ctx
			}
			var undo js.Func
			undo = js.FuncOf(func(js.Value, []js.Value) any {
				a.active = before
				undo.Release()
				return nil
			})
			return undo
		}),
		"redact": a.function(func(args []js.Value) any { return redact(args[0].String(), a.redactNames) }),
		"flush": a.function(func([]js.Value) any {
			a.skip = 0
			return a.flush(false)
		}),
		"stats": a.function(func([]js.Value) any {
			return map[string]any{"held": a.queue.spans, "dropped": a.queue.dropped, "rejected": a.rejected, "failures": a.failures}
		}),
	})
}

func (a *agent) function(f func([]js.Value) any) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any { return f(args) })
}

// method is a function on a span that has not ended.
func (a *agent) method(f func(*trace.Span, []js.Value)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		if s, ok := a.open[args[0].Int()]; ok {
			f(s.span, args[1:])
		}
		return nil
	})
}

func parentOf(ctx context.Context) string {
	if s := trace.SpanFromContext(ctx); s != nil {
		return s.SpanContext().SpanID.String()
	}
	return ""
}

// attribute is what a JavaScript value is as an attribute; false for what OpenTelemetry has no type for.
func attribute(key string, v js.Value) (trace.Attribute, bool) {
	switch v.Type() {
	case js.TypeString:
		return trace.String(key, v.String()), true
	case js.TypeBoolean:
		return trace.Bool(key, v.Bool()), true
	case js.TypeNumber:
		if f := v.Float(); f != float64(int64(f)) || f > 1<<53 || f < -1<<53 {
			return trace.Float64(key, f), true
		}
		return trace.Int(key, v.Int()), true
	case js.TypeObject:
		if js.Global().Get("Array").Call("isArray", v).Bool() {
			return trace.Strings(key, stringsOf(v.Call("map", js.Global().Get("String")))...), true
		}
	}
	return trace.Attribute{}, false
}

func attributes(o js.Value) (attrs []trace.Attribute) {
	if o.Type() != js.TypeObject {
		return nil
	}
	for _, key := range stringsOf(js.Global().Get("Object").Call("keys", o)) {
		if attr, ok := attribute(key, o.Get(key)); ok {
			attrs = append(attrs, attr)
		}
	}
	return attrs
}
