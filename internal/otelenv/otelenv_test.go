package otelenv

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

func reader(pairs ...string) *Reader {
	return &Reader{Get: func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}}
}

func TestTrace(t *testing.T) {
	r := reader()
	assert.Equal(t, trace.Config{}, r.Trace())
	require.NoError(t, r.Err("f"))

	r = reader("OTEL_SERVICE_NAME", " shop ", "OTEL_RESOURCE_ATTRIBUTES", "service.name=other,a=b%20c, deployment.environment.name = prod,",
		"OTEL_ATTRIBUTE_COUNT_LIMIT", "7", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "8", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "9", "OTEL_SPAN_EVENT_COUNT_LIMIT", "10",
		"OTEL_SPAN_LINK_COUNT_LIMIT", "11", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "12", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "13")
	assert.Equal(t, trace.Config{
		ServiceName: "shop", Resource: []trace.Attribute{trace.String("a", "b c"), trace.String("deployment.environment.name", "prod")},
		Limits: trace.Limits{Attributes: 8, AttributeValueLength: 9, Events: 10, Links: 11, AttributesPerEvent: 12, AttributesPerLink: 13},
	}, r.Trace())
	require.NoError(t, r.Err("f"))

	r = reader("OTEL_RESOURCE_ATTRIBUTES", "service.name=shop")
	assert.Equal(t, []trace.Attribute{trace.String("service.name", "shop")}, r.Trace().Resource)

	r = reader("OTEL_RESOURCE_ATTRIBUTES", "a%3Db%2Cc=1%2C2=3")
	assert.Equal(t, []trace.Attribute{trace.String("a=b,c", "1,2=3")}, r.Trace().Resource)
	require.NoError(t, r.Err("f"))

	for _, bad := range []string{"a=b,c", "a=b,c=%zz", "%zz=c,a=b", "=b,a=b"} { // the specification asks to ignore the whole variable then
		r = reader("OTEL_RESOURCE_ATTRIBUTES", bad)
		assert.Empty(t, r.Trace().Resource, bad)
		assert.EqualError(t, r.Err("f"), "f: variables that are missing or not understood: OTEL_RESOURCE_ATTRIBUTES", bad)
	}

	r = reader("OTEL_RESOURCE_ATTRIBUTES", "a", "OTEL_SPAN_LINK_COUNT_LIMIT", "0", "OTEL_SPAN_EVENT_COUNT_LIMIT", "-1", "OTEL_ATTRIBUTE_COUNT_LIMIT", "many")
	assert.Equal(t, trace.Config{}, r.Trace())
	require.EqualError(t, r.Err("f"), "f: variables that are missing or not understood: OTEL_RESOURCE_ATTRIBUTES, OTEL_ATTRIBUTE_COUNT_LIMIT, "+
		"OTEL_SPAN_EVENT_COUNT_LIMIT, OTEL_SPAN_LINK_COUNT_LIMIT")
}

func TestSampler(t *testing.T) {
	for name, want := range map[string]bool{"always_on": true, "always_off": false, "parentbased_always_off": false, "ALWAYS_ON": true, "ParentBased_Always_Off": false,
		"traceidratio": false, "parentbased_traceidratio": false} {
		r := reader(samplerName, name, samplerArg, "0")
		assert.Equal(t, want, r.Trace().Sampler.Sample(trace.SamplingParameters{}).Sampled, name)
		assert.NoError(t, r.Err(""), name)
	}
	r := reader(samplerName, "traceidratio")
	assert.True(t, r.Trace().Sampler.Sample(trace.SamplingParameters{}).Sampled, "without an argument all are")
	sampled := trace.SpanContext{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagSampled}
	for name, want := range map[string]bool{"always_off": false, "parentbased_always_off": true} {
		r := reader(samplerName, name)
		assert.Equal(t, want, r.Trace().Sampler.Sample(trace.SamplingParameters{Parent: sampled, TrustParent: true}).Sampled, name)
	}
	for _, bad := range [][2]string{{"sometimes", samplerName}, {"parentbased_", samplerName}, {"jaeger_remote", samplerName}} {
		r := reader(samplerName, bad[0])
		assert.Nil(t, r.Trace().Sampler, bad)
		assert.ErrorContains(t, r.Err(""), bad[1])
	}
	for _, arg := range []string{"2", "NaN", "x", "-0.1"} { // ignored, as if it were not set
		r := reader(samplerName, "traceidratio", samplerArg, arg)
		assert.True(t, r.Trace().Sampler.Sample(trace.SamplingParameters{}).Sampled, arg)
		assert.ErrorContains(t, r.Err(""), samplerArg)
	}
}

func TestExporter(t *testing.T) {
	const all, traces = "OTEL_EXPORTER_OTLP_", "OTEL_EXPORTER_OTLP_TRACES_"
	r := reader()
	assert.Equal(t, Exporter{}, r.Exporter())

	r = reader(all+"ENDPOINT", "http://c:4318/base/", all+"HEADERS", "authorization=Bearer%20x, x-team = y", all+"TIMEOUT", "1500", all+"COMPRESSION", "GZIP", all+"PROTOCOL", "http/json")
	assert.Equal(t, Exporter{"http://c:4318/base/v1/traces", map[string]string{"authorization": "Bearer x", "x-team": "y"}, 1500 * time.Millisecond, all + "COMPRESSION"}, r.Exporter())
	require.NoError(t, r.Err(""))

	r = reader(all+"ENDPOINT", "http://c:4318", traces+"ENDPOINT", "https://t/in", all+"HEADERS", "a=b", traces+"HEADERS", "c=d",
		all+"TIMEOUT", "1", traces+"TIMEOUT", "0", all+"COMPRESSION", "gzip", traces+"COMPRESSION", "none")
	assert.Equal(t, Exporter{"https://t/in", map[string]string{"c": "d"}, time.Duration(1<<31-1) * time.Millisecond, ""}, r.Exporter())
	require.NoError(t, r.Err(""))

	r = reader(all+"ENDPOINT", "https://c/?key=a/b/")
	assert.Equal(t, "https://c/v1/traces?key=a/b/", r.Exporter().URL)

	for _, timeout := range []string{"x", "-5", "1e3", "99999999999999999999", "9223372036854775807"} {
		r = reader(all+"HEADERS", "topsecret", all+"TIMEOUT", timeout, all+"COMPRESSION", "brotli", traces+"PROTOCOL", "grpc")
		assert.Equal(t, Exporter{}, r.Exporter(), timeout)
		require.EqualError(t, r.Err("f"), "f: variables that are missing or not understood: "+all+"HEADERS, "+all+"TIMEOUT, "+all+"COMPRESSION, "+traces+"PROTOCOL")
	}
}

func TestTrue(t *testing.T) {
	for value, want := range map[string]bool{"true": true, "TRUE": true, "false": false, "": false} {
		r := reader("A", value)
		assert.Equal(t, want, r.True("A"))
		assert.NoError(t, r.Err(""))
	}
	r := reader("A", "1")
	assert.False(t, r.True("A"), "1 is not true, by the specification")
	assert.Error(t, r.Err(""))
}

func FuzzPairs(f *testing.F) {
	f.Add("a=b,c=d")
	f.Add("a==%20,,=,%zz=%zz")
	f.Fuzz(func(t *testing.T, text string) {
		r := reader("A", text)
		pairs := r.Pairs("A")
		for _, pair := range pairs {
			require.NotEmpty(t, pair[0])
		}
		require.LessOrEqual(t, len(pairs), strings.Count(text, "="))
		if r.Err("") != nil {
			require.Empty(t, pairs)
		}
	})
}
