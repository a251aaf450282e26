package platform_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	originalacl "github.com/fastly/compute-sdk-go/acl"
	originalcore "github.com/fastly/compute-sdk-go/cache/core"
	originalsimple "github.com/fastly/compute-sdk-go/cache/simple"
	originalconfig "github.com/fastly/compute-sdk-go/configstore"
	originaldevice "github.com/fastly/compute-sdk-go/device"
	originalerl "github.com/fastly/compute-sdk-go/erl"
	"github.com/fastly/compute-sdk-go/fsthttp"
	originalgeo "github.com/fastly/compute-sdk-go/geo"
	originalkv "github.com/fastly/compute-sdk-go/kvstore"
	originalpurge "github.com/fastly/compute-sdk-go/purge"
	originalsecret "github.com/fastly/compute-sdk-go/secretstore"
	originalshielding "github.com/fastly/compute-sdk-go/shielding"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/platform"
	"github.com/edgespan/edgespan/platform/acl"
	"github.com/edgespan/edgespan/platform/backend"
	"github.com/edgespan/edgespan/platform/cache/core"
	"github.com/edgespan/edgespan/platform/cache/simple"
	"github.com/edgespan/edgespan/platform/configstore"
	"github.com/edgespan/edgespan/platform/device"
	"github.com/edgespan/edgespan/platform/edgedict"
	"github.com/edgespan/edgespan/platform/erl"
	"github.com/edgespan/edgespan/platform/geo"
	"github.com/edgespan/edgespan/platform/kvstore"
	"github.com/edgespan/edgespan/platform/purge"
	"github.com/edgespan/edgespan/platform/secretstore"
	"github.com/edgespan/edgespan/platform/shielding"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// calls has a call of each wrapper package. Outside of Compute each of them fails.
var calls = map[string]func(context.Context) error{
	"open products":              func(ctx context.Context) error { _, err := kvstore.Open(ctx, "products"); return err },
	"config_store open settings": func(ctx context.Context) error { _, err := configstore.Open(ctx, "settings"); return err },
	"dictionary open settings":   func(ctx context.Context) error { _, err := edgedict.Open(ctx, "settings"); return err },
	"secret_store open keys":     func(ctx context.Context) error { _, err := secretstore.Open(ctx, "keys"); return err },
	"secret_store get keys":      func(ctx context.Context) error { _, err := secretstore.Plaintext(ctx, "keys", "k"); return err },
	"acl open blocked":           func(ctx context.Context) error { _, err := acl.Open(ctx, "blocked"); return err },
	"cache lookup": func(ctx context.Context) error {
		_, err := core.Lookup(ctx, []byte("k"), core.LookupOptions{})
		return err
	},
	"cache insert": func(ctx context.Context) error {
		_, err := core.Insert(ctx, []byte("k"), core.WriteOptions{})
		return err
	},
	"cache transaction": func(ctx context.Context) error {
		_, err := core.NewTransaction(ctx, []byte("k"), core.LookupOptions{})
		return err
	},
	"simple_cache get": func(ctx context.Context) error { _, err := simple.Get(ctx, []byte("k")); return err },
	"simple_cache get_or_set": func(ctx context.Context) error {
		_, err := simple.GetOrSetEntry(ctx, []byte("k"), simple.CacheEntry{})
		return err
	},
	"simple_cache purge": func(ctx context.Context) error { return simple.Purge(ctx, []byte("k"), simple.PurgeOptions{}) },
	"purge":              func(ctx context.Context) error { return purge.PurgeSurrogateKey(ctx, "k", purge.PurgeOptions{}) },
	"geo lookup":         func(ctx context.Context) error { _, err := geo.Lookup(ctx, net.IPv4(192, 0, 2, 1)); return err },
	"device lookup":      func(ctx context.Context) error { _, err := device.Lookup(ctx, "curl"); return err },
	"backend register": func(ctx context.Context) error {
		_, err := backend.RegisterDynamicBackend(ctx, "b", "h", nil)
		return err
	},
	"backend lookup":     func(ctx context.Context) error { _, err := backend.BackendFromName(ctx, "b"); return err },
	"shield lookup site": func(ctx context.Context) error { _, err := shielding.ShieldFromName(ctx, "site"); return err },
	"erl increment c":    func(ctx context.Context) error { return erl.OpenRateCounter(ctx, "c").Increment("e", 1) },
	"erl lookup_rate c": func(ctx context.Context) error {
		_, err := erl.OpenRateCounter(ctx, "c").LookupRate("e", erl.RateWindow1s)
		return err
	},
	"erl lookup_count c": func(ctx context.Context) error {
		_, err := erl.OpenRateCounter(ctx, "c").LookupCount("e", erl.CounterDuration10s)
		return err
	},
	"erl penalize p": func(ctx context.Context) error { return erl.OpenPenaltyBox(ctx, "p").Add("e", time.Minute) },
	"erl has p":      func(ctx context.Context) error { _, err := erl.OpenPenaltyBox(ctx, "p").Has("e"); return err },
	"erl check_rate c": func(ctx context.Context) error {
		l := erl.NewRateLimiter(erl.OpenRateCounter(ctx, "c"), erl.OpenPenaltyBox(ctx, "p"))
		_, err := l.CheckRate("e", 1, &erl.Policy{RateWindow: erl.RateWindow1s, MaxRate: 10, PenaltyBoxDuration: time.Minute})
		return err
	},
}

func TestFailedCalls(t *testing.T) {
	for name, do := range calls {
		exporter := tracetest.NewExporter()
		tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
		ctx, root := tp.Start(context.Background(), "root", trace.StartConfig{})
		require.Error(t, do(ctx), name)
		root.End()
		span := tracetest.Span(t, exporter.Spans(), name)
		tracetest.AssertChildOf(t, span, tracetest.Span(t, exporter.Spans(), "root"))
		require.Equal(t, trace.SpanKindClient, span.Kind, name)
		require.Equal(t, trace.StatusError, span.Status.Code, name)
		require.Len(t, exporter.Spans(), 2, name)
		require.NotZero(t, span.End, name)
		failed := false
		for _, a := range span.Attributes {
			failed = failed || a.Key == "error.type"
		}
		require.True(t, failed, name)
		for _, a := range span.Attributes { // the key must not be recorded
			require.NotContains(t, []string{"fastly.cache.key", "fastly.erl.entry", "fastly.geo.ip", "fastly.purge.surrogate_key", "user_agent.original"}, a.Key, name)
		}
	}
}

func TestWithKeys(t *testing.T) {
	exporter := tracetest.NewExporter()
	ctx, root := trace.NewTracerProvider(trace.Config{Exporter: exporter}).Start(platform.WithKeys(context.Background()), "root", trace.StartConfig{})
	for _, do := range calls {
		require.Error(t, do(ctx))
	}
	root.End()
	for name, want := range map[string]trace.Attribute{
		"cache lookup":  trace.String("fastly.cache.key", "k"),
		"purge":         trace.String("fastly.purge.surrogate_key", "k"),
		"erl has p":     trace.String("fastly.erl.entry", "e"),
		"geo lookup":    trace.String("fastly.geo.ip", "192.0.2.1"),
		"device lookup": trace.String("user_agent.original", "curl"),
	} {
		tracetest.AssertAttributes(t, tracetest.Span(t, exporter.Spans(), name), want)
	}
}

// No call starts a span if the context has no span, or one that is not sampled.
func TestUnsampledCallsHaveNoSpan(t *testing.T) {
	exporter := tracetest.NewExporter()
	ctx, root := trace.NewTracerProvider(trace.Config{Exporter: exporter, Sampler: trace.Never()}).Start(context.Background(), "root", trace.StartConfig{})
	for _, ctx := range []context.Context{context.Background(), ctx} {
		for name, do := range calls {
			require.Error(t, do(ctx), name)
		}
	}
	root.End()
	require.Empty(t, exporter.Spans())
}

func TestUnsampledAllocations(t *testing.T) {
	unsampled, root := trace.NewTracerProvider(trace.Config{Exporter: tracetest.NewExporter(), Sampler: trace.Never()}).Start(context.Background(), "root", trace.StartConfig{})
	defer root.End()
	err := errors.New("failed")
	for _, ctx := range []context.Context{context.Background(), unsampled} {
		require.Zero(t, testing.AllocsPerRun(100, func() {
			span := call.Start(ctx, "get", "products")
			call.Key(ctx, span, "fastly.kv_store.key", "7")
			call.Fail(span, err)
			span.End()
		}))
	}
}

// If nothing is recorded, a wrapper's call allocates no more than the original call. Calls that return a wrapper are left out.
func TestUnsampledWrappersAllocateNothing(t *testing.T) {
	unsampled, root := trace.NewTracerProvider(trace.Config{Exporter: tracetest.NewExporter(), Sampler: trace.Never()}).Start(context.Background(), "root", trace.StartConfig{})
	defer root.End()
	key, ip, policy := []byte("k"), net.IPv4(192, 0, 2, 1), &erl.Policy{RateWindow: erl.RateWindow1s, MaxRate: 10, PenaltyBoxDuration: time.Minute}
	entry := func() (simple.CacheEntry, error) { return simple.CacheEntry{}, nil }
	for _, ctx := range []context.Context{context.Background(), unsampled, platform.WithKeys(unsampled)} {
		counter, box := erl.OpenRateCounter(ctx, "c"), erl.OpenPenaltyBox(ctx, "p")
		for name, pair := range map[string][2]func(){
			"kvstore.Open":        {func() { _, _ = kvstore.Open(ctx, "s") }, func() { _, _ = originalkv.Open("s") }},
			"configstore.Open":    {func() { _, _ = configstore.Open(ctx, "s") }, func() { _, _ = originalconfig.Open("s") }},
			"secretstore.Open":    {func() { _, _ = secretstore.Open(ctx, "s") }, func() { _, _ = originalsecret.Open("s") }},
			"secretstore.Plain":   {func() { _, _ = secretstore.Plaintext(ctx, "s", "k") }, func() { _, _ = originalsecret.Plaintext("s", "k") }},
			"acl.Open":            {func() { _, _ = acl.Open(ctx, "l") }, func() { _, _ = originalacl.Open("l") }},
			"core.Lookup":         {func() { _, _ = core.Lookup(ctx, key, core.LookupOptions{}) }, func() { _, _ = originalcore.Lookup(key, core.LookupOptions{}) }},
			"core.Insert":         {func() { _, _ = core.Insert(ctx, key, core.WriteOptions{}) }, func() { _, _ = originalcore.Insert(key, core.WriteOptions{}) }},
			"core.NewTransaction": {func() { _, _ = core.NewTransaction(ctx, key, core.LookupOptions{}) }, func() { _, _ = originalcore.NewTransaction(key, core.LookupOptions{}) }},
			"simple.Get":          {func() { _, _ = simple.Get(ctx, key) }, func() { _, _ = originalsimple.Get(key) }},
			"simple.GetOrSet":     {func() { _, _ = simple.GetOrSet(ctx, key, entry) }, func() { _, _ = originalsimple.GetOrSet(key, entry) }},
			"simple.Purge":        {func() { _ = simple.Purge(ctx, key, simple.PurgeOptions{}) }, func() { _ = originalsimple.Purge(key, simple.PurgeOptions{}) }},
			"purge":               {func() { _ = purge.PurgeSurrogateKey(ctx, "k", purge.PurgeOptions{}) }, func() { _ = originalpurge.PurgeSurrogateKey("k", purge.PurgeOptions{}) }},
			"geo.Lookup":          {func() { _, _ = geo.Lookup(ctx, ip) }, func() { _, _ = originalgeo.Lookup(ip) }},
			"device.Lookup":       {func() { _, _ = device.Lookup(ctx, "curl") }, func() { _, _ = originaldevice.Lookup("curl") }},
			"backend.FromName":    {func() { _, _ = backend.BackendFromName(ctx, "b") }, func() { _, _ = fsthttp.BackendFromName("b") }},
			"backend.Register":    {func() { _, _ = backend.RegisterDynamicBackend(ctx, "b", "h", nil) }, func() { _, _ = fsthttp.RegisterDynamicBackend("b", "h", nil) }},
			"shielding":           {func() { _, _ = shielding.ShieldFromName(ctx, "s") }, func() { _, _ = originalshielding.ShieldFromName("s") }},
			"erl.Increment":       {func() { _ = counter.Increment("e", 1) }, func() { _ = counter.RateCounter.Increment("e", 1) }},
			"erl.LookupRate":      {func() { _, _ = counter.LookupRate("e", erl.RateWindow1s) }, func() { _, _ = counter.RateCounter.LookupRate("e", erl.RateWindow1s) }},
			"erl.Has":             {func() { _, _ = box.Has("e") }, func() { _, _ = box.PenaltyBox.Has("e") }},
			"erl.CheckRate": {func() { _, _ = erl.NewRateLimiter(counter, box).CheckRate("e", 1, policy) }, func() {
				_, _ = originalerl.NewRateLimiter(counter.RateCounter, box.PenaltyBox).CheckRate("e", 1, policy)
			}},
		} {
			wrapper, original := testing.AllocsPerRun(100, pair[0]), testing.AllocsPerRun(100, pair[1])
			require.LessOrEqual(t, wrapper, original, name)
		}
	}
}

// broken is an error of the service itself, such as that of a reader that is put into a store.
type broken struct{ text string }

func (b *broken) Error() string { return b.text }

// An error whose Error method panics fails the span. It has no other effect.
func TestErrorThatPanics(t *testing.T) {
	exporter := tracetest.NewExporter()
	_, span := trace.NewTracerProvider(trace.Config{Exporter: exporter}).Start(context.Background(), "root", trace.StartConfig{})
	require.Empty(t, call.Fail(span, (*broken)(nil), call.Status{Err: errors.New("another"), Name: "inval"}))
	span.End()
	tracetest.AssertAttributes(t, exporter.Spans()[0], trace.String("error.type", "*platform_test.broken"))
	tracetest.AssertStatus(t, exporter.Spans()[0], trace.StatusError, "*platform_test.broken")
}

func TestErrorType(t *testing.T) {
	sentinel := errors.New("kvstore: invalid key")
	for text, want := range map[string]string{
		"Fastly error: Inval":                     "inval",
		"kvstore: unexpected error (Unsupported)": "unsupported",
		"acl: unexpected error (bad request)":     "bad_request",
		"Fastly error: a detail: with 7 things":   "*errors.errorString",
		"GetRange from (7) > to (3)":              "*errors.errorString",
		"":                                        "*errors.errorString",
		"Fastly error: LimitExceeded":             "limitexceeded",
		"Fastly error: None":                      "not_found",
	} {
		exporter := tracetest.NewExporter()
		_, span := trace.NewTracerProvider(trace.Config{Exporter: exporter}).Start(context.Background(), "root", trace.StartConfig{})
		status := call.Fail(span, errors.New(text), call.Status{Err: sentinel, Name: "inval"})
		span.End()
		tracetest.AssertAttributes(t, exporter.Spans()[0], trace.String("error.type", want))
		if strings.HasPrefix(want, "*") {
			want = ""
		}
		require.Equal(t, want, status, "a Go type is no status: %s", text)
	}
	_, span := trace.NewTracerProvider(trace.Config{Exporter: tracetest.NewExporter()}).Start(context.Background(), "root", trace.StartConfig{})
	require.Equal(t, "inval", call.Fail(span, sentinel, call.Status{Err: sentinel, Name: "inval"}))
	wrapped := fmt.Errorf("%w (BufLen)", sentinel)
	require.Equal(t, "buflen", call.Fail(span, wrapped, call.Status{Err: sentinel, Name: "internal_error"}), "the status in the text takes precedence")
	require.Empty(t, call.Fail(span, nil))
}

// db.response.status_code is set only if the platform returned a status.
func TestKVStatus(t *testing.T) {
	exporter := tracetest.NewExporter()
	ctx, root := trace.NewTracerProvider(trace.Config{Exporter: exporter}).Start(context.Background(), "root", trace.StartConfig{})
	_, err := kvstore.Open(ctx, "products") // outside of Compute: "not implemented"
	require.Error(t, err)
	root.End()
	span := tracetest.Span(t, exporter.Spans(), "open products")
	tracetest.AssertAttributes(t, span, trace.String("error.type", "*errors.errorString"))
	tracetest.AssertNoAttribute(t, span, "db.response.status_code")
}
