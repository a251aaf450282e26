package browser

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/p?q=1&Token=x&e=2#frag": "https://a.example/p?q=1&Token=REDACTED&e=2",
		"https://me:pw@a.example/p@q":              "https://REDACTED:REDACTED@a.example/p@q",
		"/p?to%6Ben=x&api_key=y&mine=z&flag":       "/p?to%6Ben=REDACTED&api_key=REDACTED&mine=REDACTED&flag",
		"data:text/plain,secret":                   "data:",
		"":                                         "",
	} {
		assert.Equal(t, want, redact(in, []string{"Mine"}), in)
	}
}

func TestQueue(t *testing.T) {
	const head, span = `{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[`, `{"startTimeUnixNano":"1"}`
	one := line{head + span + closing, 1}
	other := line{strings.Replace(one.text, `"resource":{}`, `"resource":{"attributes":[]}`, 1), 1}
	var q queue
	for range maxSpans + 7 {
		q.push(one)
	}
	assert.Equal(t, maxSpans, q.spans)
	assert.Equal(t, 7, q.dropped)
	taken := 0
	for len(q.lines) > 0 {
		lines := q.next()
		taken += len(lines)
		assert.LessOrEqual(t, len(body(lines)), maxBody)
	}
	assert.Equal(t, maxSpans, taken)
	assert.Equal(t, 0, q.spans)
	assert.Equal(t, one.text, body([]line{one}))
	assert.Equal(t, head+span+","+span+closing, body([]line{one, one}), "one resource")
	assert.Equal(t, head+span+`]}]},`+other.text[len(opening):len(other.text)-len(closing)]+`,`+span+`]}]},`+one.text[len(opening):], body([]line{one, other, other, one}))

	for range maxSpans {
		q.push(line{head + strings.Repeat(" ", 100) + span + closing, 1})
	}
	for _, want := range []bool{true, false} {
		lines := q.next()
		text := body(lines)
		assert.LessOrEqual(t, len(text), maxBody)
		if want {
			assert.Greater(t, len(text), maxBody-200, "as much as fits")
		}
	}
	for len(q.lines) > 0 {
		q.next()
	}

	q.push(line{head + strings.Repeat("x", maxBody) + closing, 1})
	assert.Len(t, q.next(), 1, "one that is too large is not stuck")

	assert.Equal(t, []line{one, one}, unpack(pack([]line{one, one})))
	assert.Equal(t, []line{one}, unpack("torn\n"+one.text+"\n"+one.text[:20]))
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
