package propagation

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

const (
	long, short, span = "80f198ee56343ba864fe8b2a57d3eff7", "64fe8b2a57d3eff7", "e457b5a2e4d86bd1"
)

func TestB3Single(t *testing.T) {
	for in, want := range map[string]string{
		long + "-" + span:                         "00-" + long + "-" + span + "-00",
		long + "-" + span + "-1":                  "00-" + long + "-" + span + "-01",
		long + "-" + span + "-d":                  "00-" + long + "-" + span + "-01",
		long + "-" + span + "-0":                  "00-" + long + "-" + span + "-00",
		long + "-" + span + "-1-05e3ac9a4f6e3b90": "00-" + long + "-" + span + "-01",
		short + "-" + span + "-1":                 "00-0000000000000000" + short + "-" + span + "-01",
		"0":                                       "",
		short:                                     "",
		long:                                      "",
		short + "-":                               "",
		long[:31] + "g-" + span:                   "",
		long + "-" + span[:15] + "g":              "",
		"":                                        "",
		long + "-" + span + "-2":                  "",
		long + "-" + span + "-":                   "",
		long + "-" + span + "x1":                  "",
		long + "-" + span + "-1-05e3ac9a4f6e3b9g":   "",
		long + "-0000000000000000-1":                "",
		"00000000000000000000000000000000-" + span:  "",
		"80F198EE56343BA864FE8B2A57D3EFF7-" + span:  "",
		long + "-" + span + "-1-05e3ac9a4f6e3b90-x": "",
	} {
		_, sc := B3{}.Extract(context.Background(), map[string][]string{"B3": {in}})
		got := ""
		if sc.IsValid() {
			got = sc.Traceparent()
			assert.True(t, sc.Remote)
		}
		assert.Equal(t, want, got, "%q", in)
	}
}

func TestB3Multi(t *testing.T) {
	h := map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}, "X-B3-Flags": {"1"}, "B3": {"garbage"}}
	ctx, sc := B3{}.Extract(context.Background(), h)
	require.Equal(t, "00-"+long+"-"+span+"-01", sc.Traceparent())
	B3{Multi: true}.Inject(ctx, h, sc)
	require.Equal(t, map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}, "X-B3-Flags": {"1"}}, h)
	B3{}.Inject(ctx, h, sc)
	require.Equal(t, map[string][]string{"B3": {long + "-" + span + "-d"}}, h)
	B3{Multi: true}.Inject(context.Background(), h, sc)
	require.Equal(t, map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}, "X-B3-Sampled": {"1"}}, h)
	B3{}.Inject(context.Background(), h, sc)
	require.Equal(t, map[string][]string{"B3": {long + "-" + span + "-1"}}, h)
	h["X-B3-Traceid"] = []string{long, long}
	delete(h, "B3")
	_, sc = B3{}.Extract(context.Background(), h)
	require.False(t, sc.IsValid())
}

func TestB3SampledInWords(t *testing.T) {
	for sampled, want := range map[string]bool{"1": true, "true": true, "True": true, "TRUE": true, "0": false, "false": false, "False": false, "FALSE": false} {
		ctx, sc := B3{}.Extract(context.Background(), map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}, "X-B3-Sampled": {sampled}})
		require.True(t, sc.IsValid(), sampled)
		assert.Equal(t, want, sc.IsSampled(), sampled)
		assert.False(t, SamplingDeferred(ctx, sc), sampled)
	}
}

func TestB3Deferred(t *testing.T) {
	for name, test := range map[string]struct {
		headers map[string][]string
		want    bool
	}{
		"single":                {map[string][]string{"B3": {long + "-" + span}}, true},
		"single, decided":       {map[string][]string{"B3": {long + "-" + span + "-0"}}, false},
		"several":               {map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}}, true},
		"several, unknown":      {map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}, "X-B3-Sampled": {"maybe"}}, true},
		"several, single's":     {map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}, "X-B3-Sampled": {"d"}}, true},
		"several, no":           {map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}, "X-B3-Sampled": {"false"}}, false},
		"several, debug":        {map[string][]string{"X-B3-Traceid": {long}, "X-B3-Spanid": {span}, "X-B3-Flags": {"1"}}, false},
		"no ids":                {map[string][]string{"B3": {"0"}}, false},
		"another format counts": {map[string][]string{"Traceparent": {"00-" + long + "-00f067aa0ba902b7-00"}, "B3": {long + "-" + span}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, sc := Composite{W3C{}, B3{}}.Extract(context.Background(), test.headers)
			require.Equal(t, test.want, SamplingDeferred(ctx, sc))
			if !test.want {
				return
			}
			require.False(t, sc.IsSampled())
			for p, out := range map[Propagator]map[string][]string{
				B3{}:            {"B3": {long + "-" + span}},
				B3{Multi: true}: {"X-B3-Traceid": {long}, "X-B3-Spanid": {span}},
			} {
				h := map[string][]string{}
				p.Inject(ctx, h, sc)
				require.Equal(t, out, h, "it is passed on unchanged")
			}
			ours := sc
			ours.SpanID[0]++
			h := map[string][]string{}
			B3{}.Inject(ctx, h, ours)
			require.Equal(t, "0", h["B3"][0][len(h["B3"][0])-1:], "a span of ours has decided")
		})
	}
}

func FuzzB3(f *testing.F) {
	f.Add(long+"-"+span+"-1", long, span, "1")
	f.Add("0", short, span, "true")
	f.Fuzz(func(t *testing.T, single, traceID, spanID, sampled string) {
		_, sc := B3{}.Extract(context.Background(), map[string][]string{
			"B3": {single}, "X-B3-Traceid": {traceID}, "X-B3-Spanid": {spanID}, "X-B3-Sampled": {sampled}})
		if !sc.IsValid() {
			require.Equal(t, trace.SpanContext{}, sc)
			return
		}
		for _, p := range []Propagator{B3{}, B3{Multi: true}, W3C{}} {
			h := map[string][]string{}
			p.Inject(context.Background(), h, sc)
			_, again := p.Extract(context.Background(), h)
			require.Equal(t, sc, again)
		}
	})
}
