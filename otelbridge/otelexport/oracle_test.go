package otelexport_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltracetest "go.opentelemetry.io/otel/sdk/trace/tracetest"
	oteltrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/edgespan/edgespan/otelbridge"
	"github.com/edgespan/edgespan/otelbridge/otelexport"
	"github.com/edgespan/edgespan/sdk/trace"
)

// The OpenTelemetry SDK is the oracle of these tests. A program that uses the API runs once on the SDK, and once on Edgespan,
// through the bridge and back through the exporter. The two SpanExporters must get the same spans, except for ids, the
// resource, and times that the program did not set.

type program func(ctx context.Context, tracer oteltrace.Tracer)

func onSDK(p program) oteltracetest.SpanStubs {
	e := oteltracetest.NewInMemoryExporter()
	p(context.Background(), tracerOf(sdktrace.NewTracerProvider(sdktrace.WithSyncer(e))))
	return e.GetSpans()
}

func onEdgespan(p program) oteltracetest.SpanStubs {
	e := oteltracetest.NewInMemoryExporter()
	p(context.Background(), tracerOf(otelbridge.NewTracerProvider(
		trace.NewTracerProvider(trace.Config{Exporter: otelexport.NewExporter(e)}), otelbridge.Config{
			TrustParent: func(context.Context, oteltrace.SpanContext) bool { return true },
		})))
	return e.GetSpans()
}

func tracerOf(tp oteltrace.TracerProvider) oteltrace.Tracer {
	return tp.Tracer("example.com/oracle", oteltrace.WithInstrumentationVersion("v1"))
}

// seen is the part of a span that must be the same. The number of children is left out: the SDK also counts new roots and
// children that outlive their parent, which the exporter cannot know.
type seen struct {
	Parent       string // the parent's name, or its id if it is not one of the spans
	ParentRemote bool
	Foreign      bool // the span belongs to the caller's trace
	Sampled      bool
	TraceState   string
	Kind         oteltrace.SpanKind
	Start, End   int64 // 0 if the program did not set the time
	Attributes   map[attribute.Key]string
	Events       []event
	Links        []string
	Status       sdktrace.Status
	Dropped      [3]int
	Scope        string
}

type event struct {
	Name       string
	Time       int64
	Attributes map[attribute.Key]string
	Dropped    int
}

func normalized(t *testing.T, stubs oteltracetest.SpanStubs) map[string]seen {
	t.Helper()
	names := map[oteltrace.SpanID]string{}
	for _, s := range stubs {
		names[s.SpanContext.SpanID()] = s.Name
	}
	nameOf := func(id oteltrace.SpanID) string {
		if name, ok := names[id]; ok || !id.IsValid() {
			return name
		}
		return id.String()
	}
	all := map[string]seen{}
	for _, s := range stubs {
		require.NotContains(t, all, s.Name, "a name that comes twice")
		n := seen{
			Parent: nameOf(s.Parent.SpanID()), ParentRemote: s.Parent.IsRemote(),
			Foreign: s.SpanContext.TraceID() == caller.TraceID(), Sampled: s.SpanContext.IsSampled(),
			TraceState: s.SpanContext.TraceState().String(), Kind: s.SpanKind, Start: fixed(s.StartTime), End: fixed(s.EndTime),
			Attributes: asMap(s.Attributes), Status: s.Status,
			Dropped: [3]int{s.DroppedAttributes, s.DroppedEvents, s.DroppedLinks},
			Scope:   s.InstrumentationScope.Name + " " + s.InstrumentationScope.Version,
		}
		delete(n.Attributes, "edgespan.open_spans") // the SDK does not record this attribute on its roots
		for _, e := range s.Events {
			n.Events = append(n.Events, event{e.Name, fixed(e.Time), asMap(e.Attributes), e.DroppedAttributeCount})
		}
		for _, l := range s.Links {
			n.Links = append(n.Links, fmt.Sprint(nameOf(l.SpanContext.SpanID()), " ", l.SpanContext.IsRemote(), l.SpanContext.TraceState(), asMap(l.Attributes)))
		}
		all[s.Name] = n
	}
	return all
}

// asMap keeps the last value of each key. In events and links the SDK keeps duplicate keys; Edgespan and the specification do
// not.
func asMap(attrs []attribute.KeyValue) map[attribute.Key]string {
	m := map[attribute.Key]string{}
	for _, a := range attrs {
		if m[a.Key] = fmt.Sprintf("%s %s", a.Value.Type(), a.Value.String()); a.Key == "exception.stacktrace" {
			m[a.Key] = "a stack"
		}
	}
	return m
}

// programTimesEnd separates the times that a program sets, which are earlier, from those of the clock, which are later.
var programTimesEnd = time.Unix(1_600_000_000, 0)

func fixed(t time.Time) int64 {
	if t.Before(programTimesEnd) {
		return t.UnixNano()
	}
	return 0
}

var caller = oteltrace.NewSpanContext(oteltrace.SpanContextConfig{
	TraceID: oteltrace.TraceID{0xca, 15: 1}, SpanID: oteltrace.SpanID{0xca, 7: 1}, TraceFlags: oteltrace.FlagsSampled, Remote: true,
	TraceState: must(oteltrace.ParseTraceState("vendor=1,other=2")),
})

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestOracle(t *testing.T) {
	for name, p := range map[string]program{
		"one": func(ctx context.Context, tracer oteltrace.Tracer) {
			_, span := tracer.Start(ctx, "one")
			span.End()
		},
		"all types of attributes": func(ctx context.Context, tracer oteltrace.Tracer) {
			_, span := tracer.Start(ctx, "one", oteltrace.WithAttributes(attribute.String("a", "b"), attribute.String("a", "c")))
			span.SetAttributes(
				attribute.String("string", "s"), attribute.Int("int", 1), attribute.Bool("bool", true), attribute.Float64("float", 0.1),
				attribute.StringSlice("strings", []string{"a", ""}), attribute.IntSlice("ints", []int{1, 2}),
				attribute.BoolSlice("bools", []bool{true}), attribute.Float64Slice("floats", []float64{1, 2}),
				attribute.KeyValue{Key: "empty"}, attribute.String("", "without a key"),
			)
			span.End()
		},
		"panic": func(ctx context.Context, tracer oteltrace.Tracer) {
			defer func() { _ = recover() }()
			_, span := tracer.Start(ctx, "one")
			defer span.End(oteltrace.WithStackTrace(true))
			panic(errors.New("broken"))
		},
		"errors": func(ctx context.Context, tracer oteltrace.Tracer) {
			_, span := tracer.Start(ctx, "one")
			span.RecordError(nil)
			span.RecordError(&net.AddrError{Err: "pointer"})
			span.RecordError(net.UnknownNetworkError("named"))
			span.RecordError(errors.New("a"), oteltrace.WithStackTrace(true), oteltrace.WithAttributes(attribute.String("exception.type", "mine")))
			span.SetStatus(codes.Error, "failed")
			span.SetStatus(codes.Ok, "fine")
			span.SetStatus(codes.Error, "too late")
			span.End()
			span.End()
		},
		"remote parent": func(ctx context.Context, tracer oteltrace.Tracer) {
			ctx, span := tracer.Start(oteltrace.ContextWithRemoteSpanContext(ctx, caller), "one", oteltrace.WithSpanKind(oteltrace.SpanKindServer))
			_, child := tracer.Start(ctx, "two")
			_, root := tracer.Start(ctx, "three", oteltrace.WithNewRoot())
			root.End()
			child.End()
			span.End()
		},
		"remote parent that was not sampled": func(ctx context.Context, tracer oteltrace.Tracer) {
			_, span := tracer.Start(oteltrace.ContextWithRemoteSpanContext(ctx, caller.WithTraceFlags(0)), "one")
			span.End()
		},
		"a span that outlives its parent": func(ctx context.Context, tracer oteltrace.Tracer) {
			ctx, span := tracer.Start(ctx, "one")
			_, child := tracer.Start(ctx, "two")
			span.End()
			child.SetAttributes(attribute.Bool("late", true))
			child.End()
		},
		"attributes above the limit": func(ctx context.Context, tracer oteltrace.Tracer) {
			_, span := tracer.Start(ctx, "one")
			for i := range 130 {
				span.SetAttributes(attribute.Int(fmt.Sprint("key", i), i))
			}
			span.SetAttributes(attribute.Int("key0", -1))
			span.End()
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := normalized(t, onSDK(p))
			assert.Equal(t, want, normalized(t, onEdgespan(p)))
		})
	}
}

// Random programs: a tree of spans that uses everything the API has.
func TestOracleAtRandom(t *testing.T) {
	total := 0
	for seed := range uint64(1000) {
		p := func(ctx context.Context, tracer oteltrace.Tracer) {
			g := &generator{Rand: rand.New(rand.NewPCG(seed, 0)), tracer: tracer, now: time.Unix(1_500_000_000, 0)}
			if g.IntN(3) == 0 {
				ctx = oteltrace.ContextWithRemoteSpanContext(ctx, caller)
			}
			g.span(ctx, 0)
			g.Shuffle(len(g.open), func(i, j int) { g.open[i], g.open[j] = g.open[j], g.open[i] })
			for _, span := range g.open {
				g.say(ctx, span, 4)
				span.End(g.at())
			}
		}
		want := normalized(t, onSDK(p))
		require.NotEmpty(t, want)
		if !assert.Equal(t, want, normalized(t, onEdgespan(p)), "seed %d", seed) {
			return
		}
		total += len(want)
	}
	t.Logf("%d spans", total)
}

type generator struct {
	*rand.Rand
	tracer oteltrace.Tracer
	now    time.Time
	count  int
	spans  []oteltrace.SpanContext
	open   []oteltrace.Span // spans that end after all others
	left   []context.Context
}

func (g *generator) at() oteltrace.SpanEventOption {
	g.now = g.now.Add(time.Duration(1 + g.IntN(1000)))
	return oteltrace.WithTimestamp(g.now)
}

func (g *generator) name() string {
	g.count++
	return fmt.Sprint("span ", g.count)
}

func (g *generator) attributes() []attribute.KeyValue {
	var list []attribute.KeyValue
	for range g.IntN(5) {
		key := attribute.Key(fmt.Sprint("key ", g.IntN(12)))
		list = append(list, []attribute.KeyValue{
			key.String(fmt.Sprint("text ", g.Int())), key.Int(g.Int()), key.Bool(g.IntN(2) == 0), key.Float64(g.NormFloat64()),
			key.StringSlice([]string{"a", fmt.Sprint(g.Int())}), key.Int64Slice([]int64{g.Int64()}),
			key.BoolSlice([]bool{true, false}), key.Float64Slice([]float64{g.NormFloat64()}), {Key: key},
		}[g.IntN(9)])
	}
	return list
}

func (g *generator) link() oteltrace.Link {
	switch g.IntN(6) {
	case 0:
		return oteltrace.Link{Attributes: g.attributes()}
	case 1:
		return oteltrace.Link{SpanContext: caller.WithSpanID(oteltrace.SpanID{}).WithTraceState([]oteltrace.TraceState{{}, caller.TraceState()}[g.IntN(2)])}
	}
	if len(g.spans) == 0 || g.IntN(3) == 0 {
		return oteltrace.Link{SpanContext: caller, Attributes: g.attributes()}
	}
	return oteltrace.Link{SpanContext: g.spans[g.IntN(len(g.spans))]}
}

func (g *generator) span(ctx context.Context, depth int) {
	options := []oteltrace.SpanStartOption{
		g.at(), oteltrace.WithSpanKind(oteltrace.SpanKind(g.IntN(7))), oteltrace.WithAttributes(g.attributes()...),
	}
	if g.IntN(4) == 0 {
		options = append(options, oteltrace.WithLinks(g.link(), oteltrace.Link{}, g.link()))
	}
	if g.IntN(10) == 0 {
		options = append(options, oteltrace.WithNewRoot())
	}
	ctx, span := g.tracer.Start(ctx, g.name(), options...)
	g.spans = append(g.spans, span.SpanContext())
	g.say(ctx, span, depth)
	if g.IntN(5) == 0 {
		g.open = append(g.open, span)
		return
	}
	span.End(g.at())
	g.left = append(g.left, ctx)
}

// say sets random things on a span and starts spans below it. The parent may have ended, or may have been put into another
// context, by itself or as a span context only. Between parent and child there may be a caller's span context or the no-op span
// of a library whose tracing is off.
func (g *generator) say(ctx context.Context, span oteltrace.Span, depth int) {
	for range g.IntN(12) {
		switch g.IntN(8) {
		case 0:
			span.SetAttributes(g.attributes()...)
		case 1:
			span.AddEvent("event", g.at(), oteltrace.WithAttributes(g.attributes()...))
		case 2:
			span.RecordError(fmt.Errorf("error %d", g.Int()), g.at(), oteltrace.WithStackTrace(g.IntN(2) == 0))
		case 3:
			span.SetStatus(codes.Code(g.IntN(3)), "because")
		case 4:
			span.AddLink(g.link())
		case 5:
			span.SetName(g.name())
		case 6:
			if depth < 4 {
				g.span(ctx, depth+1)
			}
		case 7:
			if depth < 4 && len(g.left) > 0 {
				late := g.left[g.IntN(len(g.left))]
				switch g.IntN(5) {
				case 0:
					late = oteltrace.ContextWithSpan(late, span)
				case 3:
					late = oteltrace.ContextWithSpanContext(context.Background(), span.SpanContext()) // continues without the cancellation of ctx
				case 1:
					late = oteltrace.ContextWithRemoteSpanContext(late, caller)
				case 2:
					late, _ = noop.NewTracerProvider().Tracer("").Start(ctx, "off")
				}
				g.span(late, depth+1)
			}
		}
	}
}
