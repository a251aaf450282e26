package trace_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

var unknownService = func() string {
	if runtime.GOARCH == "wasm" {
		return "unknown_service"
	}
	return "unknown_service:" + filepath.Base(os.Args[0])
}()

type detector struct {
	exporterFunc
	detect func() []trace.Attribute
}

func (d detector) DetectResource() []trace.Attribute { return d.detect() }

func detects(attrs ...trace.Attribute) trace.Exporter {
	return detector{discard, func() []trace.Attribute { return attrs }}
}

func TestResourcePrecedence(t *testing.T) {
	sdk := []trace.Attribute{
		trace.String("telemetry.sdk.language", "go"), trace.String("telemetry.sdk.name", "edgespan"), trace.String("telemetry.sdk.version", trace.Version),
	}
	named := func(name string, more ...trace.Attribute) []trace.Attribute {
		return append(append([]trace.Attribute{trace.String("service.name", name)}, sdk...), more...)
	}
	own := []trace.Attribute{trace.String("service.name", "by Resource"), trace.String("a", "own"), trace.String("", "no key"), trace.Int("a", 2)}
	for _, tt := range []struct {
		name   string
		config trace.Config
		want   []trace.Attribute
	}{
		{"nothing said", trace.Config{}, named(unknownService)},
		{"nothing detected", trace.Config{Exporter: discard}, named(unknownService)},
		{"detected", trace.Config{Exporter: detects(trace.String("service.name", "detected"), trace.Bool("d", true))}, named("detected", trace.Bool("d", true))},
		{"said in Resource", trace.Config{Exporter: detects(trace.String("service.name", "detected"), trace.String("a", "detected"), trace.Bool("d", true)), Resource: own},
			named("by Resource", trace.Int("a", 2), trace.Bool("d", true))},
		{"said by name", trace.Config{Exporter: detects(trace.String("service.name", "detected")), Resource: own, ServiceName: "shop", ServiceVersion: "1.2"},
			named("shop", trace.Int("a", 2), trace.String("service.version", "1.2"))},
		{"what is said of the SDK", trace.Config{Resource: []trace.Attribute{trace.String("telemetry.sdk.name", "mine")}},
			[]trace.Attribute{trace.String("service.name", unknownService), sdk[0], trace.String("telemetry.sdk.name", "mine"), sdk[2]}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tp := trace.NewTracerProvider(tt.config)
			assert.Equal(t, tt.want, tp.Resource().Attributes)
			v, ok := tp.Resource().Attribute("service.name")
			assert.True(t, ok)
			assert.Equal(t, tt.want[0].Value, v)
			_, ok = tp.Resource().Attribute("")
			assert.False(t, ok)
		})
	}
}

func TestDetectorThatPanics(t *testing.T) {
	f := newFixture(trace.Config{ServiceName: "shop", Exporter: detector{discard, func() []trace.Attribute { panic("where am I?") }}})
	v, _ := f.Resource().Attribute("service.name")
	assert.Equal(t, "shop", v.Str())
	assert.Equal(t, []string{"trace: panic in ResourceDetector.DetectResource: where am I?"}, f.errors.all())
}

func TestNewResource(t *testing.T) {
	attrs := []trace.Attribute{trace.Int("a", 1), trace.Int("b", 1), trace.Int("a", 2)}
	r := trace.NewResource(attrs, nil, []trace.Attribute{trace.Int("b", 3), trace.Int("c", 3)})
	attrs[1] = trace.Int("changed", 1)
	assert.Equal(t, []trace.Attribute{trace.Int("a", 2), trace.Int("b", 3), trace.Int("c", 3)}, r.Attributes)
	assert.Empty(t, trace.NewResource().Attributes)
	many := numbered(1000)
	assert.Equal(t, many, trace.NewResource(many).Attributes, "no limit holds for it")
}

// TestOneResource checks that all batches point to the same resource, by which an encoder recognizes it.
func TestOneResource(t *testing.T) {
	f := newFixture(trace.Config{})
	for range 2 {
		ctx, root := f.start("root")
		_, late := trace.Start(ctx, "late")
		root.End()
		late.End()
	}
	for _, b := range f.exporter.Batches() {
		assert.Same(t, f.Resource(), b.Resource)
	}
}
