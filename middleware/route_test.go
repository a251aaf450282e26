package middleware

import (
	"context"
	"net/http"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

func TestRoutes(t *testing.T) {
	fixed := func(route string) func(*fsthttp.Request) string {
		return func(*fsthttp.Request) string { return route }
	}
	for _, test := range []struct {
		name   string
		config Config
		set    []string // by the handler
		want   string
	}{
		{"none", Config{}, nil, ""},
		{"Config.Route", Config{Route: fixed("/items/{id}")}, nil, "/items/{id}"},
		{"Config.Route knows none", Config{Route: fixed("")}, nil, ""},
		{"SetRoute", Config{}, []string{"/a"}, "/a"},
		{"SetRoute knows better", Config{Route: fixed("/items/{id}")}, []string{"/a"}, "/a"},
		{"the last counts", Config{}, []string{"/a", "/b"}, "/b"},
		{"taken back", Config{Route: fixed("/items/{id}")}, []string{""}, ""},
		{"odd bytes", Config{Route: fixed("/\x00\xff\"\n")}, nil, "/\x00\xff\"\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSetup()
			s.serve(request(t, "GET", "http://h/items/1"), test.config, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
				ctx, span := trace.Start(ctx, "router") // SetRoute finds the request in a derived context, too
				for _, route := range test.set {
					SetRoute(ctx, route)
				}
				span.End()
			})
			root := s.root(t)
			attrs := plain(root.Attributes)
			if test.want == "" {
				require.Equal(t, "GET", root.Name)
				require.NotContains(t, attrs, "http.route")
				return
			}
			require.Equal(t, "GET "+test.want, root.Name)
			require.Equal(t, test.want, attrs["http.route"])
		})
	}
}

func TestSetRouteElsewhere(t *testing.T) {
	require.NotPanics(t, func() { SetRoute(context.Background(), "/x") })
}

// If a handler renames its span, the name stays, unless the handler sets the route later.
func TestSpanNameOfHandler(t *testing.T) {
	route := func(*fsthttp.Request) string { return "/items/{id}" }
	for _, config := range []Config{{}, {Route: route}} {
		s := newSetup()
		s.serve(request(t, "GET", "http://h/"), config, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
			SetRoute(ctx, "/other")
			trace.SpanFromContext(ctx).SetName("checkout")
		})
		require.Equal(t, "checkout", s.root(t).Name)
		require.Equal(t, "/other", plain(s.root(t).Attributes)["http.route"])
	}
}

// samplerFunc is a Sampler that samples nothing.
type samplerFunc func(p trace.SamplingParameters)

func (f samplerFunc) Sample(p trace.SamplingParameters) trace.SamplingResult {
	f(p)
	return trace.SamplingResult{}
}

// A sampler sees the route if it is known at the start.
func TestSamplerSeesRoute(t *testing.T) {
	var names []string
	s := newSetup(trace.Config{Sampler: samplerFunc(func(p trace.SamplingParameters) { names = append(names, p.Name) })})
	route := func(r *fsthttp.Request) string { return r.URL.Path }
	for _, method := range []string{"GET", "BREW"} {
		s.serve(request(t, method, "http://h/items"), Config{Route: route}, nothing)
		s.serve(request(t, method, "http://h/items"), Config{}, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
			SetRoute(ctx, "/too/late")
		})
	}
	require.Equal(t, []string{"GET /items", "GET", "HTTP /items", "HTTP"}, names)
}

func TestAdapt(t *testing.T) {
	ok := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/{id}", ok)
	mux.HandleFunc("/static/", ok)
	mux.HandleFunc("POST admin.example/users/{id}/{rest...}", ok)
	mux.HandleFunc("GET /exact/{$}", ok)
	mux.HandleFunc("/better", func(w http.ResponseWriter, r *http.Request) { SetRoute(r.Context(), "/handler/knows") })
	mux.HandleFunc("/panics", func(http.ResponseWriter, *http.Request) { panic("boom") })
	mux.HandleFunc("/child", func(w http.ResponseWriter, r *http.Request) {
		_, span := trace.Start(r.Context(), "child")
		span.End()
	})
	for _, test := range []struct {
		method, url, route string
		status             int
	}{
		{"GET", "http://h/items/7", "/items/{id}", 202},
		{"HEAD", "http://h/items/7", "/items/{id}", 202},
		{"POST", "http://h/items/7", "", 405},
		{"GET", "http://h/static/a/b.css", "/static/", 202},
		{"PUT", "http://h/static/", "/static/", 202},
		{"POST", "http://admin.example/users/1/a/b", "/users/{id}/{rest...}", 202},
		{"POST", "http://h/users/1/a/b", "", 404},
		{"GET", "http://h/exact/", "/exact/{$}", 202},
		{"GET", "http://h/exact/x", "", 404},
		{"GET", "http://h/nothing", "", 404},
		{"GET", "http://h/better", "/handler/knows", 200},
		{"GET", "http://h/child", "/child", 200},
	} {
		t.Run(test.method+" "+test.url, func(t *testing.T) {
			s := newSetup()
			w := newWire(nil)
			New(s.tp)(Adapt(mux)).ServeHTTP(context.Background(), w, request(t, test.method, test.url))
			require.Equal(t, test.status, w.Code)
			root := s.root(t)
			attrs := plain(root.Attributes)
			assert.Equal(t, test.status, attrs["http.response.status_code"])
			if test.route == "" {
				assert.Equal(t, test.method, root.Name)
				assert.NotContains(t, attrs, "http.route")
			} else {
				assert.Equal(t, test.method+" "+test.route, root.Name)
				assert.Equal(t, test.route, attrs["http.route"])
			}
		})
	}

	t.Run("over Config.Route", func(t *testing.T) {
		s := newSetup()
		config := Config{Route: func(*fsthttp.Request) string { return "/guess" }}
		New(s.tp, config)(Adapt(mux)).ServeHTTP(context.Background(), newWire(nil), request(t, "GET", "http://h/items/7"))
		require.Equal(t, "GET /items/{id}", s.root(t).Name)
	})
	t.Run("SetRoute says what Config.Route has said", func(t *testing.T) {
		s := newSetup()
		config := Config{Route: func(*fsthttp.Request) string { return "/handler/knows" }}
		New(s.tp, config)(Adapt(mux)).ServeHTTP(context.Background(), newWire(nil), request(t, "GET", "http://h/better"))
		require.Equal(t, "GET /handler/knows", s.root(t).Name)
	})
	t.Run("SetRoute before Adapt", func(t *testing.T) {
		s := newSetup()
		s.serve(request(t, "GET", "http://h/items/7"), Config{}, func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			SetRoute(ctx, "/guess")
			Adapt(mux).ServeHTTP(ctx, w, r)
		})
		require.Equal(t, "GET /items/{id}", s.root(t).Name)
	})
	t.Run("panic", func(t *testing.T) {
		s := newSetup()
		require.PanicsWithValue(t, "boom", func() {
			New(s.tp)(Adapt(mux)).ServeHTTP(context.Background(), newWire(nil), request(t, "GET", "http://h/panics"))
		})
		require.Equal(t, "GET /panics", s.root(t).Name)
	})
	t.Run("without the middleware", func(t *testing.T) {
		w := fsttest.NewRecorder()
		Adapt(mux).ServeHTTP(context.Background(), w, request(t, "GET", "http://h/items/7"))
		require.Equal(t, 202, w.Code)
	})
}
