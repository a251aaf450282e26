package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// program is the traced handler with an additional feature. Its source is generated, since programs differ by a line or two.
type program struct {
	imports []string // in addition to those of every program
	setup   string   // statements of main, before the service is served
	config  string   // fields of middleware.Config
	use     string   // statements at the end of the handler, with ctx, w and r
}

const programText = `package main

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/fastly/compute-sdk-go/fsthttp"
%s)

func main() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	%s
	fsthttp.Serve(middleware.New(tp%s)(fsthttp.HandlerFunc(handle)))
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(w, "hello from %%s\n", r.URL.Path)
	%s
}
`

// write writes the program to a directory of its own below dir, and returns the file's path.
func (p *program) write(dir, name string) (string, error) {
	imports, config := "", ""
	for _, path := range p.imports {
		imports += fmt.Sprintf("\t%q\n", path)
	}
	if p.config != "" {
		config = ", middleware.Config{" + p.config + "}"
	}
	dir = filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(dir, "main.go")
	return path, os.WriteFile(path, fmt.Appendf(nil, programText, imports, p.setup, config, p.use), 0o600)
}

const module = "github.com/edgespan/edgespan/"

// wrapper returns two rows: a program that uses a package of compute-sdk-go, and one that uses the wrapper package in platform.
// The package's own functions take no context, so ctx is removed from use for the first.
func wrapper(pkg, what, use string, imports ...string) []row {
	original := strings.NewReplacer("(ctx, ", "(", "(ctx)", "()").Replace(use)
	return compared(pkg, what, "its spans",
		program{imports: append([]string{"github.com/fastly/compute-sdk-go/" + pkg}, imports...), use: original},
		program{imports: append([]string{module + "platform/" + pkg}, imports...), use: use})
}

// compared returns the rows of two programs, without and with a feature.
func compared(name, what, more string, without, with program) []row {
	name = strings.ReplaceAll(name, "/", "-")
	return []row{
		{handler: name + "-untraced", what: "a traced handler that " + what, program: &without},
		{handler: name, base: name + "-untraced", what: "+ " + more, program: &with},
	}
}

// configured is the traced handler with an empty middleware.Config. Handlers with settings are compared with it.
const configured = "configured"

// alone returns the row of the traced handler with one feature. If the feature is a field of middleware.Config, the row is
// compared with configured.
func alone(name, what string, with program) []row {
	base, handler := "traced", "the traced handler"
	if with.config != "" {
		base, handler = configured, "that with a Config"
	}
	return []row{{handler: name, base: base, what: handler + " + " + what, program: &with}}
}

// onRequest returns the row of a function for middleware.Config.OnRequest.
func onRequest(name, what, function string, imports ...string) []row {
	return alone(name, what, program{imports: imports, config: "OnRequest: []func(*trace.Span, *fsthttp.Request){" + function + "}"})
}

const (
	otelAPI = `_, span := otel.Tracer("shop").Start(ctx, "query")
	span.End()`
	send = `if resp, err := middleware.%s(ctx, r, "backend"); err == nil {
		_ = w.Append(resp.Body)
	}`
	roundTrip = `if resp, err := (&http.Client{Transport: %s.NewTransport("backend")}).Get("http://backend.example/"); err == nil {
		_, _ = io.Copy(w, resp.Body)
	}`
	geoImport = module + "middleware/clientgeo"
)

// features are the packages and settings that a service can use independently of each other.
var features = [][]row{
	wrapper("kvstore", "reads a KV store", `if store, err := kvstore.Open(ctx, "s"); err == nil {
		entry, err := store.Lookup("k")
		fmt.Fprintln(w, entry, err)
	}`),
	wrapper("configstore", "reads a config store", `if store, err := configstore.Open(ctx, "s"); err == nil {
		value, err := store.Get("k")
		fmt.Fprintln(w, value, err)
	}`),
	wrapper("edgedict", "reads a dictionary", `if dict, err := edgedict.Open(ctx, "d"); err == nil {
		value, err := dict.Get("k")
		fmt.Fprintln(w, value, err)
	}`),
	wrapper("secretstore", "reads a secret store", `value, err := secretstore.Plaintext(ctx, "s", "k")
	fmt.Fprintln(w, len(value), err)`),
	wrapper("cache/core", "looks into the core cache", `found, err := core.Lookup(ctx, []byte("k"), core.LookupOptions{})
	fmt.Fprintln(w, found != nil, err)`),
	wrapper("cache/simple", "uses the simple cache", `body, err := simple.GetOrSetEntry(ctx, []byte("k"), simple.CacheEntry{Body: r.Body})
	fmt.Fprintln(w, body != nil, err)`),
	wrapper("purge", "purges", `fmt.Fprintln(w, purge.PurgeSurrogateKey(ctx, "k", purge.PurgeOptions{}))`),
	wrapper("geo", "asks where an address is", `place, err := geo.Lookup(ctx, net.IP(r.RemoteAddr))
	fmt.Fprintln(w, place != nil, err)`, "net"),
	wrapper("device", "asks what a User-Agent is", `d, err := device.Lookup(ctx, "ua")
	fmt.Fprintln(w, d.Name(), err)`),
	wrapper("acl", "asks an ACL", `if list, err := acl.Open(ctx, "l"); err == nil {
		answer, err := list.Lookup(net.IP(r.RemoteAddr))
		fmt.Fprintln(w, answer.Action, err)
	}`, "net"),
	wrapper("erl", "limits rates", `limiter := erl.NewRateLimiter(erl.OpenRateCounter(ctx, "c"), erl.OpenPenaltyBox(ctx, "p"))
	blocked, err := limiter.CheckRate("k", 1, &erl.Policy{RateWindow: erl.RateWindow10s, MaxRate: 10, PenaltyBoxDuration: 1 << 36})
	fmt.Fprintln(w, blocked, err)`),
	wrapper("shielding", "asks for a shield", `if shield, err := shielding.ShieldFromName(ctx, "s"); err == nil {
		name, err := shield.Backend(&shielding.BackendOptions{})
		fmt.Fprintln(w, name, err)
	}`),
	compared("backend", "registers a dynamic backend", "its span",
		program{use: `b, err := fsthttp.RegisterDynamicBackend("b", "h", nil)
	fmt.Fprintln(w, b != nil, err)`},
		program{imports: []string{module + "platform/backend"}, use: `b, err := backend.RegisterDynamicBackend(ctx, "b", "h", nil)
	fmt.Fprintln(w, b != nil, err)`}),
	compared("sendbody", "asks a backend by Send", "by SendBody, whose span has the body's size",
		program{use: fmt.Sprintf(send, "Send")}, program{use: fmt.Sprintf(send, "SendBody")}),
	compared("roundtrip", "asks a backend by http.Client", "its span",
		program{imports: []string{"io", "net/http"}, use: fmt.Sprintf(roundTrip, "fsthttp")},
		program{imports: []string{"io", "net/http", module + "middleware/roundtrip"}, use: fmt.Sprintf(roundTrip, "roundtrip")}),
	compared("otelbridge", "uses OpenTelemetry's API", "the bridge behind it",
		program{imports: []string{"go.opentelemetry.io/otel"}, use: otelAPI},
		program{imports: []string{"go.opentelemetry.io/otel", module + "otelbridge"}, use: otelAPI,
			setup: "otel.SetTracerProvider(otelbridge.NewTracerProvider(tp))"}),

	{{handler: configured, base: "traced", what: "the traced handler + a middleware.Config", program: &program{config: "Filter: nil"}}},
	alone("b3", "B3 in place of W3C Trace Context", program{imports: []string{module + "sdk/propagation"},
		config: "Propagation: middleware.Propagate{Propagator: propagation.B3{}}"}),
	alone("baggage", "baggage", program{imports: []string{module + "sdk/propagation", module + "sdk/baggage"},
		config: "Propagation: middleware.Propagate{Baggage: propagation.Baggage{}}", use: `fmt.Fprintln(w, baggage.FromContext(ctx).Get("user"))`}),
	alone("servertiming", "Server-Timing", program{config: "OnHeaders: []func(context.Context, fsthttp.Header){middleware.ServerTiming, middleware.ServerTimingTotal}"}),
	alone("traceresponse", "traceresponse", program{config: "OnHeaders: []func(context.Context, fsthttp.Header){middleware.TraceResponse}"}),
	onRequest("faas", "FaaS", "middleware.FaaS"),
	onRequest("sandbox", "Sandbox, POP", "middleware.Sandbox, middleware.POP"),
	onRequest("tls", "TLS", "middleware.TLS"),
	onRequest("fingerprints", "Fingerprints", "middleware.Fingerprints"),
	onRequest("bot", "Bot", "middleware.Bot"),
	onRequest("clientgeo", "clientgeo", "clientgeo.Record", geoImport),
	alone("usage", "SandboxUsage", program{config: "BeforeEnd: []func(*trace.Span, *fsthttp.Request){middleware.SandboxUsage}"}),
}
