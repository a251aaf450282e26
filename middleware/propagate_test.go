package middleware

import (
	"context"
	"io"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/baggage"
	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

// leaves returns the headers that a backend gets from a handler that passes the client's headers on.
func leaves(t *testing.T, s *setup, config Config, backend string, headers ...string) fsthttp.Header {
	var got fsthttp.Header
	r := request(t, "GET", "http://h/", headers...)
	s.serve(r, config, func(ctx context.Context, _ fsthttp.ResponseWriter, r *fsthttp.Request) {
		before := len(r.Header)
		got = outgoing(ctx, exchangeFrom(ctx), r.Header, trace.SpanFromContext(ctx).SpanContext(), backend)
		require.Len(t, r.Header, before, "the client's header is not written to")
	})
	return got
}

func TestWhichBackends(t *testing.T) {
	in := []string{"Traceparent", parentSampled, "Tracestate", "a=1", "Baggage", "user=7,bad member"}
	both := Config{Propagation: Propagate{ContextTo: Backends("own"), Baggage: propagation.Baggage{}, BaggageTo: Backends("own")}}

	own := leaves(t, newSetup(), both, "own", in...)
	require.Contains(t, own.Get("Traceparent"), parentTrace)
	require.NotEqual(t, parentSampled, own.Get("Traceparent"))
	require.Equal(t, "a=1", own.Get("Tracestate"))
	require.Equal(t, []string{"user=7"}, own["Baggage"], "malformed baggage is not passed on")
	require.Empty(t, leaves(t, newSetup(), both, "third party", in...))

	byDefault := leaves(t, newSetup(), Config{Propagation: Propagate{Baggage: propagation.Baggage{}}}, "third party", in...)
	require.NotEmpty(t, byDefault["Traceparent"])
	require.NotContains(t, byDefault, "Baggage", "no backend gets it unless allowed")

	withoutBaggage := leaves(t, newSetup(), Config{Propagation: Propagate{ContextTo: Backends("own")}}, "third party", append(in, "B3", "0", "X-B3-Traceid", "x")...)
	require.Empty(t, withoutBaggage, "nor that of a format which is not ours")

	untouched := leaves(t, newSetup(), Config{}, "b", in...)
	require.Equal(t, "user=7,bad member", untouched.Get("Baggage"), "a header like any other where baggage is off")

	s := newSetup()
	boom := func(string) bool { panic("boom") }
	require.Empty(t, leaves(t, s, Config{Propagation: Propagate{ContextTo: boom, Baggage: propagation.Baggage{}}}, "b", in...), "a panic lets nothing out")
	require.Len(t, s.errs, 1)
}

// own is a user's format: a header that W3C, B3 and Baggage do not know.
type own struct{ propagation.W3C }

func (own) Inject(_ context.Context, h map[string][]string, _ trace.SpanContext) {
	h["X-Own"] = []string{"ours"}
}

func (own) Fields() []string { return []string{"X-Own"} }

func TestHeadersOfAFormatOfOnesOwn(t *testing.T) {
	for backend, want := range map[string]fsthttp.Header{"own": {"X-Own": {"ours"}}, "third party": {}} {
		for _, p := range []Propagate{
			{Propagator: own{}, ContextTo: Backends("own")},
			{ContextTo: Backends(), Baggage: own{}, BaggageTo: Backends("own")},
		} {
			require.Equal(t, want, leaves(t, newSetup(), Config{Propagation: p}, backend, "X-Own", "the client's"), backend)
		}
	}
}

func TestB3Propagator(t *testing.T) {
	s := newSetup()
	got := leaves(t, s, Config{Propagation: Propagate{Propagator: propagation.B3{Multi: true}}}, "b", "B3", parentTrace+"-"+parentSpan+"-1", "Traceparent", parentNot)
	root := s.root(t)
	require.Equal(t, parentSpan, root.ParentSpanID.String())
	require.Equal(t, fsthttp.Header{"X-B3-Traceid": {parentTrace}, "X-B3-Spanid": {root.SpanContext.SpanID.String()}, "X-B3-Sampled": {"1"}}, got)
}

// The debug flag of B3 is passed on if its sender is trusted, and unchanged with a request that is not traced.
func TestB3Debug(t *testing.T) {
	for _, test := range []struct {
		config Config
		want   string
	}{
		{Config{}, "-1"},
		{Config{TrustParent: func(*fsthttp.Request) bool { return true }}, "-d"},
		{Config{Filter: func(*fsthttp.Request) bool { return false }}, "-d"},
	} {
		test.config.Propagation = Propagate{Propagator: propagation.B3{}}
		got := leaves(t, newSetup(), test.config, "b", "B3", parentTrace+"-"+parentSpan+"-d")
		require.Equal(t, test.want, got["B3"][0][len(parentTrace)+1+len(parentSpan):])
	}
	both := Config{Propagation: Propagate{Propagator: propagation.Composite{propagation.W3C{}, propagation.B3{}}}}
	got := leaves(t, newSetup(), both, "b", "Traceparent", "00-"+parentTrace+"-"+parentSpan+"-00", "B3", parentTrace+"-"+parentSpan+"-d")
	require.Equal(t, "-1", got["B3"][0][len(parentTrace)+1+len(parentSpan):], "the statements of two formats are not combined")
}

func TestSeveralPropagators(t *testing.T) {
	s := newSetup()
	config := Config{Propagation: Propagate{Propagator: propagation.Composite{propagation.W3C{}, propagation.B3{}}, ContextTo: Backends("own")}}
	in := []string{"B3", parentTrace + "-" + parentSpan + "-1", "Traceparent", "malformed", "X-B3-Sampled", "1"}
	got := leaves(t, s, config, "own", in...)
	root := s.root(t)
	require.Equal(t, parentSpan, root.ParentSpanID.String())
	id := root.SpanContext.SpanID.String()
	require.Equal(t, fsthttp.Header{"Traceparent": {"00-" + parentTrace + "-" + id + "-01"}, "B3": {parentTrace + "-" + id + "-1"}}, got)
	require.Empty(t, leaves(t, newSetup(), config, "third party", in...), "of no format anything leaves")
}

// For a request that is not traced, third parties get no more headers than for one that is traced, and neither does its
// handler.
func TestNotTraced(t *testing.T) {
	forget := func(*fsthttp.Request) bool { return false }
	for name, test := range map[string]struct {
		filter func(*fsthttp.Request) bool
		tp     *trace.TracerProvider
	}{
		"filtered":    {forget, newSetup().tp},
		"no provider": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[string]fsthttp.Header{}
			ctx := ContextWithBackends(context.Background(), func(req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
				got[backend] = req.Header.Clone()
				return &fsthttp.Response{StatusCode: 200}, nil
			})
			config := Config{
				Filter:      test.filter,
				TrustParent: SharedSecret("X-Edge-Auth", "s3cret"),
				Propagation: Propagate{ContextTo: Backends("own"), Baggage: propagation.Baggage{}, BaggageTo: Backends("own")},
			}
			New(test.tp, config)(fsthttp.HandlerFunc(func(ctx context.Context, _ fsthttp.ResponseWriter, r *fsthttp.Request) {
				require.Equal(t, "7", baggage.FromContext(ctx).Get("user"), "the handler may need it, traced or not")
				for _, toClient := range []func(context.Context, fsthttp.Header){ServerTiming, ServerTimingTotal, TraceResponse} {
					h := fsthttp.NewHeader()
					toClient(ctx, h)
					require.Empty(t, h, "there is nothing to tell")
				}
				for _, backend := range []string{"own", "third"} {
					req := request(t, "GET", "http://backend/")
					req.Header = r.Header.Clone()
					_, err := Send(ctx, req, backend)
					require.NoError(t, err)
					require.Equal(t, r.Header, req.Header)
				}
			})).ServeHTTP(ctx, newWire(nil), request(t, "GET", "http://h/", "Traceparent", parentSampled, "Baggage", "user=7", "X-Edge-Auth", "s3cret", "Accept", "a"))
			require.Equal(t, fsthttp.Header{"Accept": {"a"}, "Traceparent": {parentSampled}, "Baggage": {"user=7"}}, got["own"], "as if we were not there")
			require.Equal(t, fsthttp.Header{"Accept": {"a"}}, got["third"])
		})
	}
}

// Without Config.Propagation, Send in a request that is not traced is req.Send.
func TestNotTracedByDefault(t *testing.T) {
	var got fsthttp.Header
	ctx := ContextWithBackends(context.Background(), func(req *fsthttp.Request, _ string) (*fsthttp.Response, error) {
		got = req.Header
		return &fsthttp.Response{StatusCode: 200}, nil
	})
	h := fsthttp.HandlerFunc(func(ctx context.Context, _ fsthttp.ResponseWriter, r *fsthttp.Request) {
		_, err := Send(ctx, r, "b")
		require.NoError(t, err)
	})
	r := request(t, "GET", "http://h/", "Traceparent", "as it came")
	New(newSetup().tp, Config{Filter: func(*fsthttp.Request) bool { return false }})(h).ServeHTTP(ctx, newWire(nil), r)
	require.Equal(t, fsthttp.Header{"Traceparent": {"as it came"}}, got)
}

type lost struct{ propagation.W3C }

func (lost) Extract(context.Context, map[string][]string) (context.Context, trace.SpanContext) {
	return nil, trace.SpanContext{}
}

func TestAPropagatorWithoutAContext(t *testing.T) {
	s := newSetup()
	trust := func(*fsthttp.Request) bool { return true }
	s.serve(request(t, "GET", "http://h/"), Config{TrustParent: trust, Propagation: Propagate{Propagator: lost{}, Baggage: lost{}}},
		func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) { require.NoError(t, ctx.Err()) })
	require.Empty(t, s.errs)
	s.root(t)
}

// B3 headers without a sampling state leave the decision to this service, also if their sender is trusted.
func TestB3Deferred(t *testing.T) {
	for state, want := range map[string]int{"": 1, "-1": 1, "-d": 1, "-0": 0} {
		s := newSetup(trace.Config{Sampler: trace.ParentBased(trace.Always())})
		s.serve(request(t, "GET", "http://h/", "B3", parentTrace+"-"+parentSpan+state), Config{
			TrustParent: func(*fsthttp.Request) bool { return true },
			Propagation: Propagate{Propagator: propagation.B3{}},
		}, nothing)
		require.Len(t, s.all(), want, "%q", state)
		if want == 1 {
			require.Equal(t, parentSpan, s.root(t).ParentSpanID.String())
		}
	}
}

func TestBaggageReachesHandler(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "GET", "http://h/", "Baggage", "user=%C3%A4"), Config{Propagation: Propagate{Baggage: propagation.Baggage{}}},
		func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
			require.Equal(t, "ä", baggage.FromContext(ctx).Get("user"))
		})
}

func TestSharedSecret(t *testing.T) {
	for value, want := range map[string]bool{"s3cret": true, "s3creT": false, "S3cret": false, "": false, "s3cret ": false} {
		s := newSetup(trace.Config{Sampler: trace.ParentBased(trace.Never())})
		r := request(t, "GET", "http://h/", "Traceparent", parentSampled, "X-Edge-Auth", value)
		s.serve(r, Config{TrustParent: SharedSecret("x-edge-auth", "s3cret"), RequestHeaders: []string{"X-Edge-Auth"}},
			func(_ context.Context, _ fsthttp.ResponseWriter, r *fsthttp.Request) {
				require.NotContains(t, r.Header, "X-Edge-Auth")
			})
		require.Len(t, s.all(), map[bool]int{true: 1}[want], "%q", value)
		if want {
			require.NotContains(t, plain(s.root(t).Attributes), "http.request.header.x-edge-auth")
		}
	}
	require.False(t, SharedSecret("X", "a")(&fsthttp.Request{Header: fsthttp.Header{"X": {"a", "b"}}}), "one of two may be anybody's")
	require.False(t, SharedSecret("X", "")(&fsthttp.Request{Header: fsthttp.Header{"X": {""}}}))
}

func TestShieldHop(t *testing.T) {
	const hash = "qZarR/12OL0QOq4VyQPmqQ/CTp17AZv0d6cSG5nUSxU="
	for value, want := range map[string]bool{
		hash + "!WDC!cache-wdc5548-WDC":                         true,
		"other!AMS!cache-1, " + hash + "!WDC!cache-wdc5548-WDC": true,
		hash + "!WDC!cache-wdc5548-WDC, other!AMS!cache-1":      false, // another service is in between
		"other!WDC!cache-wdc5548-WDC":                           false,
		hash:                                                    false,
		hash + "!WDC":                                           false,
		hash + "!!cache":                                        false,
		"!WDC!cache":                                            false,
		"":                                                      false,
	} {
		s := newSetup(trace.Config{Sampler: trace.ParentBased(trace.Never())})
		r := request(t, "GET", "http://h/", "Traceparent", parentSampled, "Fastly-FF", value)
		s.serve(r, Config{TrustParent: ShieldHop(hash)}, nothing)
		require.Len(t, s.all(), map[bool]int{true: 1}[want], "%q", value)
		require.Len(t, r.Header.Values("Fastly-FF"), 1, "the platform looks for loops by it")
	}
	require.False(t, ShieldHop("")(&fsthttp.Request{Header: fsthttp.Header{"Fastly-Ff": {"!WDC!cache"}}}))
	require.False(t, ShieldHop(hash)(&fsthttp.Request{Header: fsthttp.Header{}}))
}

func TestToTheClient(t *testing.T) {
	config := Config{OnHeaders: []func(context.Context, fsthttp.Header){ServerTiming, ServerTimingTotal, TraceResponse,
		func(context.Context, fsthttp.Header) { panic("boom") }}}
	for name, handler := range map[string]fsthttp.HandlerFunc{
		"write":  func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) { _, _ = io.WriteString(w, "x") },
		"status": func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) { w.WriteHeader(404) },
		"close":  func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) { _ = w.Close() },
		"nothing": func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) {
		},
		"hints": func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
			w.WriteHeader(103)
			if len(w.Header().Values("Server-Timing")) != 1 {
				panic("too early")
			}
			w.WriteHeader(200)
			_, _ = io.WriteString(w, "x")
		},
	} {
		s := newSetup()
		o := newWire(&order{})
		New(s.tp, config)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			w.Header().Set("Server-Timing", "db;dur=3")
			handler(ctx, w, r)
		})).ServeHTTP(context.Background(), o, request(t, "GET", "http://h/"))
		traceparent := s.root(t).SpanContext.Traceparent()
		timing := o.Header().Values("Server-Timing")
		require.Len(t, timing, 3, name)
		require.Equal(t, []string{"db;dur=3", `traceparent;desc="` + traceparent + `"`}, timing[:2], name)
		require.Regexp(t, `^total;dur=\d+\.\d{3}$`, timing[2])
		require.Equal(t, []string{traceparent}, o.Header().Values("Traceresponse"), name)
		require.Len(t, s.errs, 1)
	}
}

func TestEdgeAttributes(t *testing.T) {
	t.Setenv("FASTLY_POP", "FRA")
	s := newSetup()
	r := request(t, "GET", "https://h/")
	r.TLSInfo = fsthttp.TLSInfo{Protocol: "TLSv1.3", CipherOpenSSLName: "ECDHE-RSA-AES128-GCM-SHA256", JA3MD5: []byte{1, 0xab}, JA4: []byte("t13d")}
	s.serve(r, Config{
		OnRequest: []func(*trace.Span, *fsthttp.Request){Sandbox, POP, TLS, Fingerprints, Bot},
		BeforeEnd: []func(*trace.Span, *fsthttp.Request){SandboxUsage, func(span *trace.Span, _ *fsthttp.Request) {
			span.SetAttributes(trace.Bool("at the end", true))
		}},
	}, nothing)
	attrs := plain(s.root(t).Attributes)
	for key, want := range map[string]any{"fastly.pop": "FRA", "tls.protocol.name": "tls", "tls.protocol.version": "1.3",
		"tls.cipher": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "tls.client.ja3": "01ab", "fastly.client.ja4": "t13d", "at the end": true} {
		require.Equal(t, want, attrs[key], key)
	}
	for _, key := range []string{"fastly.sandbox.request_number", "fastly.bot.detected", "fastly.sandbox.vcpu_time"} {
		require.NotContains(t, attrs, key, "there is no platform here")
	}
	require.Empty(t, s.errs)
}

type newTrace struct{ propagation.W3C }

func (newTrace) Extract(ctx context.Context, _ map[string][]string) (context.Context, trace.SpanContext) {
	return ctx, trace.SpanContext{}
}

// What docs/propagation.md says about continuing a trace of one's own service.
func TestTraceOfOnesOwn(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "GET", "http://h/", "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), Config{
		Propagation: Propagate{Propagator: newTrace{}},
		OnRequest: []func(*trace.Span, *fsthttp.Request){func(span *trace.Span, r *fsthttp.Request) {
			if from := trace.SpanContextFromHeaders(r.Header["Traceparent"], r.Header["Tracestate"]); from.IsValid() {
				span.AddLink(trace.Link{SpanContext: from})
			}
		}},
	}, nothing)
	root := s.root(t)
	require.False(t, root.ParentSpanID.IsValid())
	require.NotEqual(t, "4bf92f3577b34da6a3ce929d0e0e4736", root.SpanContext.TraceID.String())
	require.Len(t, root.Links, 1)
	require.Equal(t, "00f067aa0ba902b7", root.Links[0].SpanContext.SpanID.String())
}
