package browser

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/internal/redact"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

func TestRedacted(t *testing.T) {
	names := redact.Names{Words: words}
	names.Set("mine", true)
	for in, want := range map[string]string{
		"https://a.example/p?q=1&Token=x&e=2#frag": "https://a.example/p?q=1&Token=REDACTED&e=2",
		"https://me:pw@a.example/p@q":              "https://REDACTED:REDACTED@a.example/p@q",
		"//me:pw@a.example/p":                      "//REDACTED:REDACTED@a.example/p",
		"/p?next=https://me:pw@a.example/&a=b@c":   "/p?next=https://REDACTED:REDACTED@a.example/&a=b@c",
		"/p?to%6Ben=x&api_key=y&mine=z&flag":       "/p?to%6Ben=REDACTED&api_key=REDACTED&mine=REDACTED&flag",
		"/p?mine[]=x&Mi_ne=y&m%69ne=z&miner=w":     "/p?mine[]=REDACTED&Mi_ne=REDACTED&m%69ne=REDACTED&miner=w",
		"/p?next=/cb?code=x?y&a=1?b=2":             "/p?next=/cb?code=REDACTED&a=1?b=2",
		"/p?a=1;token=x;b=2&reset_code=3&e-mail=4": "/p?a=1;token=REDACTED&reset_code=REDACTED&e-mail=REDACTED",
		"/p?pwd=1&pin=2&sid=3&jwt=4&SAMLResponse=": "/p?pwd=REDACTED&pin=REDACTED&sid=REDACTED&jwt=REDACTED&SAMLResponse=",
		"/p?q=1#/items/7?token=x":                  "/p?q=1#/items/7?token=REDACTED",
		"/p#!/items?page=2":                        "/p#!/items?page=2",
		"/p#/id_token=x&state=y":                   "/p#/id_token=REDACTED&state=y",
		"/p#/?next=https://me:pw@a.example/":       "/p#/?next=https://REDACTED:REDACTED@a.example/",
		"/p#id_token=x":                            "/p",
		"data:text/plain,secret":                   "data:",
		"blob:https://a.example/1":                 "blob:",
		"?":                                        "?",
		"":                                         "",
	} {
		assert.Equal(t, want, redacted(in, &names), in)
	}
}

// Whatever stands around them, credentials and secrets are gone, and what is left stays as it is.
func FuzzRedacted(f *testing.F) {
	f.Add("https://", "a.example/p", "a=1", "b=2&c")
	f.Add("//", "h/x//y@z", "next=//a@b?q", ";")
	f.Add("postgres://u:", "[::1]", "", "")
	f.Fuzz(func(t *testing.T, scheme, path, before, after string) {
		const secret = "hunter2"
		if strings.Contains(scheme+path+before+after, secret) || !strings.HasSuffix(scheme, "//") || strings.HasSuffix(scheme, "///") || strings.ContainsAny(scheme+path, "?# <>") ||
			strings.ContainsAny(before+after, "#") {
			return
		}
		names := redact.Names{Words: words}
		got := redacted(scheme+"me:"+secret+"@"+path+"?"+before+"&token="+secret+"&"+after+"#/?key="+secret, &names)
		assert.NotContains(t, got, secret)
		assert.Equal(t, got, redacted(got, &names))
	})
}

// A trace of many spans is several lines, each of which is complete and not too long, unless one span is.
func TestLines(t *testing.T) {
	resource := trace.NewResource([]trace.Attribute{trace.String("service.name", "shop")})
	for _, c := range []struct {
		name       string
		spans, big int // of the spans, those from big on have an attribute of 5,000 characters
		most       int
	}{{"none", 0, 0, 0}, {"one", 1, 1, 1}, {"many", 1100, 1100, lineSpans}, {"long ones", 250, 120, lineSpans}} {
		b := &trace.Batch{Resource: resource}
		for i := range c.spans {
			d := trace.SpanData{Name: strconv.Itoa(i)}
			if i >= c.big {
				d.Attributes = []trace.Attribute{trace.String("text", strings.Repeat("x", 5000))}
			}
			b.Spans = append(b.Spans, d)
		}
		var encoder, whole otlp.Encoder
		next := 0
		lines(&encoder, b, func(text []byte, n int) {
			assert.LessOrEqual(t, len(text), lineBytes, c.name)
			assert.LessOrEqual(t, n, c.most, c.name)
			assert.Equal(t, string(whole.Append(nil, &trace.Batch{Resource: resource, Spans: b.Spans[next : next+n]})), string(text), c.name)
			next += n
		})
		assert.Equal(t, c.spans, next, c.name)
	}
	b := &trace.Batch{Resource: resource, Spans: []trace.SpanData{{Name: strings.Repeat("x", lineBytes)}, {Name: "y"}}}
	var encoder otlp.Encoder
	var counts []int
	lines(&encoder, b, func(_ []byte, n int) { counts = append(counts, n) })
	assert.Equal(t, []int{1, 1}, counts)
}

func TestPhases(t *testing.T) {
	fields := map[string]float64{
		"domainLookupStart": 5, "domainLookupEnd": 5, "connectStart": 5, "secureConnectionStart": 8, "connectEnd": 12,
		"requestStart": 12, "responseStart": 20, "responseEnd": 25, "domComplete": 60, "loadEventStart": 60, "loadEventEnd": 60,
	}
	var got []any
	for i := range phases {
		if from, to, ok := phases[i].times(func(name string) float64 { return fields[name] }); ok {
			got = append(got, phases[i].name, from, to)
		}
	}
	assert.Equal(t, []any{"tcp", 5., 8., "tls", 8., 12., "request", 12., 20., "response", 20., 25., "dom", 25., 60., "load", 60., 60.}, got)
}

func TestLayoutShift(t *testing.T) {
	var c layoutShift
	for _, s := range [][2]float64{{100, .25}, {600, .25}, {3000, .125}, {3900, .125}} {
		c.add(s[0], s[1])
	}
	assert.Equal(t, .5, c.worst)
}
