package middleware

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// platformBody is a body like the platform's: it may know its length.
type platformBody struct {
	io.Reader
	length uint64
	err    error
}

func (b *platformBody) Length() (uint64, error) { return b.length, b.err }
func (b *platformBody) Close() error            { return nil }

func body(text string) *platformBody {
	return &platformBody{strings.NewReader(text), uint64(len(text)), nil}
}

// For each thing that a handler may do: the calls that reach the platform, in their order, and what the span says.
func TestResponses(t *testing.T) {
	type w = fsthttp.ResponseWriter
	unknown := errors.New("no length")
	for _, test := range []struct {
		name    string
		method  string // GET if empty
		handler func(w w)
		order   []string
		status  any // http.response.status_code; nil for none
		size    any
		error   any // error.type
		events  []string
	}{
		{
			name: "nothing", handler: func(w) {},
			order: []string{"export"}, status: 200, size: 0,
		}, {
			name: "status alone", handler: func(w w) { w.WriteHeader(204) },
			order: []string{"header No Content", "close", "export"}, status: 204, size: 0, events: []string{"first_byte"},
		}, {
			name: "implicit 200", handler: func(w w) { io.WriteString(w, "hello"); io.WriteString(w, "!") },
			order: []string{"write", "write", "close", "export"}, status: 200, size: 6, events: []string{"first_byte"},
		}, {
			name: "empty write", handler: func(w w) { w.Write(nil) },
			order: []string{"write", "close", "export"}, status: 200, size: 0, events: []string{"first_byte"},
		}, {
			name: "second status", handler: func(w w) { w.WriteHeader(404); w.WriteHeader(500) },
			order: []string{"header Not Found", "header Internal Server Error", "close", "export"}, status: 404, size: 0, events: []string{"first_byte"},
		}, {
			name: "status after a write", handler: func(w w) { io.WriteString(w, "x"); w.WriteHeader(500) },
			order: []string{"write", "header Internal Server Error", "close", "export"}, status: 200, size: 1, events: []string{"first_byte"},
		}, {
			name: "early hints", handler: func(w w) { w.WriteHeader(103); w.WriteHeader(103); w.WriteHeader(201); io.WriteString(w, "x") },
			order:  []string{"header Early Hints", "header Early Hints", "header Created", "write", "close", "export"},
			status: 201, size: 1, events: []string{"first_byte"},
		}, {
			name: "early hints alone", handler: func(w w) { w.WriteHeader(103) },
			order: []string{"header Early Hints", "export"}, status: 200, size: 0,
		}, {
			name: "client's error", handler: func(w w) { w.WriteHeader(499) },
			order: []string{"header ", "close", "export"}, status: 499, size: 0, events: []string{"first_byte"},
		}, {
			name: "server's error", handler: func(w w) { w.WriteHeader(503); io.WriteString(w, "no") },
			order: []string{"header Service Unavailable", "write", "close", "export"}, status: 503, size: 2, error: "503", events: []string{"first_byte"},
		}, {
			name: "the first that is the server's", handler: func(w w) { w.WriteHeader(500) },
			order: []string{"header Internal Server Error", "close", "export"}, status: 500, size: 0, error: "500", events: []string{"first_byte"},
		}, {
			name: "redirect", handler: func(w w) { w.WriteHeader(302) },
			order: []string{"header Found", "close", "export"}, status: 302, size: 0, events: []string{"first_byte"},
		}, {
			name: "closes itself", handler: func(w w) { io.WriteString(w, "x"); w.Close() },
			order: []string{"write", "close", "export"}, status: 200, size: 1, events: []string{"first_byte"},
		}, {
			name: "closes at once", handler: func(w w) { w.Close() },
			order: []string{"close", "export"}, status: 200, size: 0, events: []string{"first_byte"},
		}, {
			name: "closes twice", handler: func(w w) { w.Close(); w.Close() },
			order: []string{"close", "close", "export"}, status: 200, size: 0, events: []string{"first_byte"},
		}, {
			name: "appends", handler: func(w w) { w.WriteHeader(206); w.Append(body("12345")) },
			order: []string{"header Partial Content", "append", "close", "export"}, status: 206, size: 5, events: []string{"first_byte"},
		}, {
			name: "appends between writes", handler: func(w w) { io.WriteString(w, "ab"); w.Append(body("12345")); io.WriteString(w, "c") },
			order: []string{"write", "append", "write", "close", "export"}, status: 200, size: 8, events: []string{"first_byte"},
		}, {
			name: "appends an unknown length", handler: func(w w) { w.Append(&platformBody{strings.NewReader("x"), 0, unknown}) },
			order: []string{"append", "close", "export"}, status: 200, size: nil, events: []string{"first_byte"},
		}, {
			name: "appends what has no length", handler: func(w w) { w.Append(io.NopCloser(strings.NewReader("x"))); io.WriteString(w, "ab") },
			order: []string{"append", "write", "close", "export"}, status: 200, size: nil, events: []string{"first_byte"},
		}, {
			name: "HEAD", method: "HEAD", handler: func(w w) { io.WriteString(w, "hello") },
			order: []string{"write", "close", "export"}, status: 200, size: 0, events: []string{"first_byte"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := &order{}
			s := newSetup()
			s.order = o
			method := test.method
			if method == "" {
				method = "GET"
			}
			New(s.tp)(fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
				test.handler(w)
			})).ServeHTTP(context.Background(), newWire(o), request(t, method, "http://h/"))
			assert.Equal(t, test.order, o.calls)
			root := s.root(t)
			attrs := plain(root.Attributes)
			assert.Equal(t, test.status, attrs["http.response.status_code"])
			assert.Equal(t, test.size, attrs["http.response.body.size"])
			assert.Equal(t, test.error, attrs["error.type"])
			assert.Equal(t, test.events, events(root))
			assert.Equal(t, test.error != nil, root.Status.Code == trace.StatusError)
			assert.Empty(t, root.Status.Description)
		})
	}
}

func TestFailingWriter(t *testing.T) {
	broken := errors.New("broken pipe")
	for _, test := range []struct {
		name    string
		wire    wire
		handler func(w fsthttp.ResponseWriter)
		status  int
		kind    any
		text    string
		size    int
	}{
		{"write", wire{writeErr: broken, short: 2}, func(w fsthttp.ResponseWriter) {
			n, err := io.WriteString(w, "hello")
			assert.Equal(t, 3, n)
			assert.Equal(t, broken, err)
		}, 200, "*errors.errorString", "broken pipe", 3},
		{"close", wire{closeErr: broken}, func(w fsthttp.ResponseWriter) { w.WriteHeader(404) }, 404, "*errors.errorString", "broken pipe", 0},
		{"the handler's close", wire{closeErr: broken}, func(w fsthttp.ResponseWriter) { assert.Equal(t, broken, w.Close()) }, 200, "*errors.errorString", "broken pipe", 0},
		{"invalid status", wire{closeErr: fsthttp.ErrInvalidStatusCode}, func(w fsthttp.ResponseWriter) { w.WriteHeader(101) },
			500, "invalid_status_code", fsthttp.ErrInvalidStatusCode.Error(), 0},
		{"client gone", wire{writeErr: fsthttp.ErrClosed, short: 5}, func(w fsthttp.ResponseWriter) { _, _ = io.WriteString(w, "hello") },
			200, "connection_closed", fsthttp.ErrClosed.Error(), 0},
		{"append, then a copy", wire{appendErr: broken}, func(w fsthttp.ResponseWriter) {
			b := body("12345")
			assert.Equal(t, broken, w.Append(b))
			_, err := io.Copy(w, b)
			assert.NoError(t, err)
		}, 200, nil, "", 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSetup()
			w := newWire(nil)
			w.writeErr, w.closeErr, w.appendErr, w.short = test.wire.writeErr, test.wire.closeErr, test.wire.appendErr, test.wire.short
			New(s.tp)(fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
				test.handler(w)
			})).ServeHTTP(context.Background(), w, request(t, "GET", "http://h/"))
			root := s.root(t)
			attrs := plain(root.Attributes)
			assert.Equal(t, test.status, attrs["http.response.status_code"])
			assert.Equal(t, test.kind, attrs["error.type"])
			assert.Equal(t, test.text, root.Status.Description)
			assert.Equal(t, test.size, attrs["http.response.body.size"])
			assert.Equal(t, test.kind != nil, root.Status.Code == trace.StatusError)
		})
	}
}

// If a response has no body, the platform ignores what the handler writes, and the client misses nothing.
func TestFailingWriterWithoutABody(t *testing.T) {
	broken := errors.New("broken pipe")
	for _, test := range []struct {
		method string
		status int
		err    error
		kind   any
	}{
		{"HEAD", 200, broken, nil},
		{"HEAD", 404, fsthttp.ErrClosed, nil},
		{"HEAD", 503, broken, "503"},
		{"GET", 204, broken, nil},
		{"GET", 304, broken, nil},
		{"GET", 200, broken, "*errors.errorString"},
		{"HEAD", 500, fsthttp.ErrInvalidStatusCode, "invalid_status_code"},
	} {
		s := newSetup()
		w := newWire(nil)
		w.writeErr, w.short = test.err, 5
		New(s.tp)(fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
			w.WriteHeader(test.status)
			_, err := io.WriteString(w, "hello")
			assert.Equal(t, test.err, err, "the handler gets the error")
		})).ServeHTTP(context.Background(), w, request(t, test.method, "http://h/"))
		root := s.root(t)
		assert.Equal(t, test.kind, plain(root.Attributes)["error.type"], "%s %d", test.method, test.status)
		assert.Equal(t, test.status, plain(root.Attributes)["http.response.status_code"])
		assert.Equal(t, test.kind != nil, root.Status.Code == trace.StatusError)
	}
}

// Errors after a handler has closed the response concern the handler, not the client.
func TestWriteAfterClose(t *testing.T) {
	s := newSetup()
	w := newWire(nil)
	New(s.tp)(fsthttp.HandlerFunc(func(_ context.Context, rw fsthttp.ResponseWriter, _ *fsthttp.Request) {
		_, _ = io.WriteString(rw, "all")
		assert.NoError(t, rw.Close())
		w.writeErr = fsthttp.ErrClosed
		_, err := io.WriteString(rw, "")
		assert.Equal(t, fsthttp.ErrClosed, err)
	})).ServeHTTP(context.Background(), w, request(t, "GET", "http://h/"))
	require.Equal(t, trace.StatusUnset, s.root(t).Status.Code)
}

// The recorder passes on the methods that it does not record.
func TestRecorderPassesOn(t *testing.T) {
	s := newSetup()
	w := s.serve(request(t, "GET", "http://h/"), Config{}, func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		w.SetManualFramingMode(true)
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "x")
		w.Header().Set(fsthttp.TrailerPrefix+"X-Late", "1")
	})
	require.Equal(t, "X-Sum", w.HeaderMap.Get("Trailer"))
	require.Equal(t, "1", w.HeaderMap.Get(fsthttp.TrailerPrefix+"X-Late"))
}

func TestUpgradeHasNoStatus(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "GET", "http://h/", "Upgrade", "websocket"), Config{}, nothing)
	require.NotContains(t, plain(s.root(t).Attributes), "http.response.status_code", "the backend's status is unknown")
}

// Natively, handing off a request fails, and the span has the error.
func TestHandoffThatFails(t *testing.T) {
	for name, handoff := range map[string]func(context.Context, *fsthttp.Request, string) error{
		"websocket": HandoffWebsocket, "fanout": HandoffFanout,
	} {
		s := newSetup()
		s.serve(request(t, "GET", "http://h/", "Upgrade", "websocket"), Config{}, func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			require.ErrorIs(t, handoff(ctx, r, "chat"), fsthttp.ErrHandoffNotSupported)
			w.WriteHeader(502)
		})
		root := s.root(t)
		attrs := plain(root.Attributes)
		require.Equal(t, "chat", attrs["fastly.backend"], name)
		require.NotContains(t, attrs, "fastly.handoff")
		require.Equal(t, 502, attrs["http.response.status_code"])
		require.Equal(t, []string{"exception", "first_byte"}, events(root))

		require.ErrorIs(t, handoff(context.Background(), request(t, "GET", "http://h/"), "chat"), fsthttp.ErrHandoffNotSupported, "without a span")
	}
}

func TestHandoff(t *testing.T) {
	o := &order{}
	s := newSetup()
	s.order = o
	headers := func(context.Context, fsthttp.Header) { o.note("headers") }
	New(s.tp, Config{OnHeaders: []func(context.Context, fsthttp.Header){headers}})(fsthttp.HandlerFunc(func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
		require.NoError(t, handoff(ctx, "fanout", "chat", func(string) error { return nil }))
	})).ServeHTTP(context.Background(), newWire(o), request(t, "GET", "http://h/"))
	attrs := plain(s.root(t).Attributes)
	require.Equal(t, "chat", attrs["fastly.backend"])
	require.Equal(t, "fanout", attrs["fastly.handoff"])
	require.NotContains(t, attrs, "http.response.status_code")
	require.NotContains(t, attrs, "http.response.body.size")
	require.Equal(t, []string{"export"}, o.calls, "neither announced nor closed: it is no longer ours")
}

type thing struct{ n int }

func TestPanics(t *testing.T) {
	type value struct {
		panics        any
		kind, message string
	}
	for _, test := range []value{
		{"boom", "string", "boom"},
		{errors.New("failed"), "*errors.errorString", "failed"},
		{&thing{1}, "*middleware.thing", "*middleware.thing"},
		{42, "int", "42"},
	} {
		for _, sent := range []bool{false, true} {
			o := &order{}
			s := newSetup()
			s.order = o
			handler := New(s.tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
				_, child := trace.Start(ctx, "child")
				defer child.End()
				if sent {
					w.WriteHeader(201)
				}
				panic(test.panics)
			}))
			var got any
			func() {
				defer func() {
					got = recover()
					o.note("recovered")
				}()
				handler.ServeHTTP(context.Background(), newWire(o), request(t, "GET", "http://h/"))
			}()
			require.Equal(t, test.panics, got)
			if p, ok := test.panics.(*thing); ok {
				require.Same(t, p, got)
			}
			want, status := []string{"export", "recovered"}, 500
			if sent {
				want, status = append([]string{"header Created"}, want...), 201
			}
			require.Equal(t, want, o.calls, "not closed, and exported before the panic leaves")

			root := s.root(t)
			require.Len(t, s.all()[0].Spans, 2)
			require.Equal(t, trace.Status{Code: trace.StatusError, Description: test.message}, root.Status)
			attrs := plain(root.Attributes)
			require.Equal(t, status, attrs["http.response.status_code"])
			require.Equal(t, test.kind, attrs["error.type"])
			require.NotContains(t, attrs, "exception.type", "which is the event's")
			event := root.Events[len(root.Events)-1]
			require.Equal(t, trace.ExceptionEvent, event.Name)
			exception := plain(event.Attributes)
			require.Equal(t, test.kind, exception["exception.type"])
			require.Equal(t, test.message, exception["exception.message"])
			require.Contains(t, exception["exception.stacktrace"], "TestPanics", "the stack is the handler's")
		}
	}
}

// A span that the handler has filled with events still has room for the panic.
func TestPanicInAFullSpan(t *testing.T) {
	s := newSetup()
	require.Panics(t, func() {
		s.serve(request(t, "GET", "http://h/"), Config{}, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
			for range 1000 {
				trace.SpanFromContext(ctx).AddEvent("step")
			}
			panic("boom")
		})
	})
	events := s.root(t).Events
	require.Len(t, events, 129)
	require.Equal(t, trace.ExceptionEvent, events[128].Name)
	require.EqualValues(t, 872, s.root(t).DroppedEvents)
}

func TestNoStackTrace(t *testing.T) {
	s := newSetup()
	require.Panics(t, func() {
		s.serve(request(t, "GET", "http://h/"), Config{NoStackTrace: true}, func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) { panic("x") })
	})
	require.NotContains(t, plain(s.root(t).Events[0].Attributes), "exception.stacktrace")
}

func TestPanicNil(t *testing.T) {
	s := newSetup()
	require.Panics(t, func() {
		s.serve(request(t, "GET", "http://h/"), Config{}, func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) { panic(nil) })
	})
	require.Equal(t, "*runtime.PanicNilError", plain(s.root(t).Attributes)["error.type"])
}

// An error whose Error method panics does no further harm.
type rude struct{}

func (rude) Error() string { panic("in Error") }

// If a handler panics, the span has the panic as its error, whatever has failed before.
func TestPanicAfterAFailedWrite(t *testing.T) {
	s := newSetup()
	w := newWire(nil)
	w.writeErr = errors.New("broken pipe")
	require.PanicsWithValue(t, "boom", func() {
		New(s.tp)(fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
			_, err := io.WriteString(w, "hello")
			require.Error(t, err)
			panic("boom")
		})).ServeHTTP(context.Background(), w, request(t, "GET", "http://h/"))
	})
	root := s.root(t)
	require.Equal(t, "string", plain(root.Attributes)["error.type"])
	require.Equal(t, "boom", root.Status.Description)
}

func TestPanicWithinPanic(t *testing.T) {
	s := newSetup()
	require.PanicsWithValue(t, rude{}, func() {
		s.serve(request(t, "GET", "http://h/"), Config{}, func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) { panic(rude{}) })
	})
	require.Equal(t, "middleware.rude", s.root(t).Status.Description)
}

func TestGoexit(t *testing.T) {
	o := &order{}
	s := newSetup()
	s.order = o
	done := make(chan bool)
	go func() {
		defer close(done)
		New(s.tp)(fsthttp.HandlerFunc(func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) {
			runtime.Goexit()
		})).ServeHTTP(context.Background(), newWire(o), request(t, "GET", "http://h/"))
		t.Error("the goroutine went on")
	}()
	<-done
	root := s.root(t)
	require.Equal(t, trace.StatusError, root.Status.Code)
	require.Equal(t, "goexit", plain(root.Attributes)["error.type"])
	require.Equal(t, []string{"export"}, o.calls)
}

// A failure of tracing does not fail the request.
type badExporter struct{ panics bool }

func (e badExporter) Export(context.Context, *trace.Batch) error {
	if e.panics {
		panic("exporter")
	}
	return errors.New("export failed")
}

func TestExporterThatFails(t *testing.T) {
	for _, panics := range []bool{false, true} {
		s := newSetup(trace.Config{Exporter: badExporter{panics}})
		w := s.serve(request(t, "GET", "http://h/"), Config{}, hello)
		require.Equal(t, "hello", w.Body.String())
		require.Len(t, s.errs, 1)

		require.PanicsWithValue(t, "handler", func() {
			s.serve(request(t, "GET", "http://h/"), Config{}, func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) { panic("handler") })
		})
	}
}

func TestKnownLength(t *testing.T) {
	for _, test := range []struct {
		body  any
		size  int64
		known bool
	}{
		{nil, 0, false},
		{"text", 0, false},
		{io.NopCloser(strings.NewReader("x")), 0, false},
		{body("12"), 2, true},
		{&platformBody{length: 9, err: errors.New("no")}, 0, false},
	} {
		size, known := knownLength(test.body)
		assert.Equal(t, test.known, known)
		if known {
			assert.Equal(t, test.size, size)
		}
	}
}

// Config.OnHeaders are called once, also for a handler that sends nothing and writes after its request is over.
func TestOnHeadersOnce(t *testing.T) {
	called := 0
	var kept fsthttp.ResponseWriter
	config := Config{OnHeaders: []func(context.Context, fsthttp.Header){func(context.Context, fsthttp.Header) { called++ }}}
	newSetup().serve(request(t, "GET", "http://h/"), config, func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) { kept = w })
	kept.WriteHeader(200)
	_, _ = io.WriteString(kept, "late")
	require.Equal(t, 1, called)
}
