package propagation

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

func TestXRay(t *testing.T) {
	const root, read = "Root=1-80f198ee-56343ba864fe8b2a57d3eff7", "00-" + long + "-" + span + "-0"
	for in, want := range map[string]string{
		root + ";Parent=" + span + ";Sampled=1":                                              read + "1",
		"Sampled=1; " + root + "; Parent=" + span + ";Lineage=a:1:b":                         read + "1",
		"Self=1-67891234-12456789abcdef012345678;" + root + ";Parent=" + span + ";Sampled=0": read + "0",
		root + ";Parent=" + span + ";Sampled=?":                                              read + "0",
		root + ";Parent=" + span:                                                             read + "0",
		root:                                                                                 "",
		root + ";Sampled=1":                                                                  "",
		root + ";Parent=53995c3f;Sampled=1":                                                  "",
		"Root=2-80f198ee-56343ba864fe8b2a57d3eff7;Parent=" + span:                            "",
		"Root=1-80f198ee56343ba864fe8b2a57d3eff7;Parent=" + span:                             "",
		"Root=1-00000000-000000000000000000000000;Parent=" + span:                            "",
		"Root=1-80F198EE-56343ba864fe8b2a57d3eff7;Parent=" + span:                            "",
		"Root;Parent=" + span:                                                                "",
		";;=;":                                                                               "",
		"":                                                                                   "",
	} {
		ctx, sc := XRay{}.Extract(context.Background(), map[string][]string{"X-Amzn-Trace-Id": {in}})
		got := ""
		if sc.IsValid() {
			got = sc.Traceparent()
			assert.True(t, sc.Remote)
		}
		assert.Equal(t, want, got, "%q", in)

		if want != "" { // unchanged, and for a child
			h := map[string][]string{}
			XRay{}.Inject(ctx, h, sc)
			_, again := XRay{}.Extract(context.Background(), h)
			assert.Equal(t, sc, again, "%q", in)
			sc.SpanID[0]++
			XRay{}.Inject(ctx, h, sc)
			assert.Equal(t, map[string][]string{"X-Amzn-Trace-Id": {root + ";Parent=" + sc.SpanID.String() + ";Sampled=" + string(want[len(want)-1])}}, h)
		}
	}
}

func TestXRayDeferred(t *testing.T) {
	const ids = "Root=1-80f198ee-56343ba864fe8b2a57d3eff7;Parent=" + span
	for state, deferred := range map[string]bool{"": true, ";Sampled=?": true, ";Sampled=0": false, ";Sampled=1": false} {
		ctx, sc := XRay{}.Extract(context.Background(), map[string][]string{"X-Amzn-Trace-Id": {ids + state}})
		assert.Equal(t, deferred, SamplingDeferred(ctx, sc), state)
		h := map[string][]string{}
		XRay{}.Inject(ctx, h, sc)
		if deferred {
			state = ""
		}
		assert.Equal(t, ids+state, h["X-Amzn-Trace-Id"][0])
	}
	assert.Equal(t, []string{"X-Amzn-Trace-Id"}, XRay{}.Fields())
}

func TestJaeger(t *testing.T) {
	for in, want := range map[string]string{
		long + ":" + span + ":0:1":                   "00-" + long + "-" + span + "-01",
		long + "%3A" + span + "%3a" + span + "%3A00": "00-" + long + "-" + span + "-00",
		short + ":" + span + ":0:3":                  "00-0000000000000000" + short + "-" + span + "-01",
		"1:2:0:2":                                    "00-00000000000000000000000000000001-0000000000000002-00",
		long + ":" + span + ":0:f":                   "00-" + long + "-" + span + "-01",
		long + ":" + span + ":1":                     "",
		long + ":" + span + ":0:1:1":                 "",
		long + ":" + span + ":0:":                    "",
		long + ":" + span + ":0:g":                   "",
		long + ":" + span + ":0:100":                 "",
		long + "0:" + span + ":0:1":                  "",
		long + ":" + span + "0:0:1":                  "",
		"0:" + span + ":0:1":                         "",
		long + "::0:1":                               "",
		"80F198EE56343BA864FE8B2A57D3EFF7:1:0:1":     "",
		"":                                           "",
	} {
		_, sc := Jaeger{}.Extract(context.Background(), map[string][]string{"Uber-Trace-Id": {in}})
		got := ""
		if sc.IsValid() {
			got = sc.Traceparent()
			assert.True(t, sc.Remote)
		}
		assert.Equal(t, want, got, "%q", in)
	}
	for flags, passed := range map[string]string{"0": "0", "1": "1", "2": "0", "3": "3"} {
		ctx, sc := Jaeger{}.Extract(context.Background(), map[string][]string{"Uber-Trace-Id": {long + ":" + span + ":0:" + flags}})
		h := map[string][]string{"Uber-Trace-Id": {"another"}}
		Jaeger{}.Inject(ctx, h, sc)
		require.Equal(t, map[string][]string{"Uber-Trace-Id": {long + ":" + span + ":0:" + passed}}, h)
	}
	assert.Equal(t, []string{"Uber-Trace-Id"}, Jaeger{}.Fields())
}

// A header of nothing but colons does not make the parser allocate much.
func TestJaegerOfManyParts(t *testing.T) {
	h := map[string][]string{"Uber-Trace-Id": {strings.Repeat(":", 64<<10)}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, sc := Jaeger{}.Extract(context.Background(), h)
	runtime.ReadMemStats(&after)
	require.False(t, sc.IsValid())
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(256<<10))
}

// A header that is read is written so that it reads back the same.
func FuzzVendors(f *testing.F) {
	f.Add("Root=1-80f198ee-56343ba864fe8b2a57d3eff7;Parent=" + span + ";Sampled=1")
	f.Add(long + ":" + span + ":0:3")
	f.Fuzz(func(t *testing.T, value string) {
		for _, p := range []Propagator{XRay{}, Jaeger{}} {
			h := map[string][]string{p.Fields()[0]: {value}}
			ctx, sc := p.Extract(context.Background(), h)
			if !sc.IsValid() {
				require.Equal(t, trace.SpanContext{}, sc)
				continue
			}
			p.Inject(ctx, h, sc)
			_, again := p.Extract(context.Background(), h)
			require.Equal(t, sc, again)
		}
	})
}
