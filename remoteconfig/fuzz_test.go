package remoteconfig

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

// FuzzDocument compares the reader with a model that uses encoding/json: both must accept and refuse the same documents. A
// document that is accepted must have its effects, and nothing may panic.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `{"off":true}`, `{"ratio":0.25,"routes":{"/a":1,"GET /b":0}}`, `{"ratio":NaN}`, `{"ratio":-1}`, `{"ratio":1e999}`,
		`{"keep":{"errors":false,"slower_than_ms":12.5,"rules":[{"route":"POST /a","status":[429,"5xx"],"attribute":"a","equals":"b"}]}}`,
		`{"keep":{"rules":[{"errors":true},{"status":404},{"attribute":"x","equals":1},{}]}}`, `{"keep":{"rules":[{"equals":true}]}}`,
		`{"request_headers":["accept"],"response_headers":["a b"]}`, `{"comment":"\ud800","comment":"\u0061"}`, `[[[[`, `{"ratio":1} x`,
		`{"routes":{"\ud83d\ude00":1,"a\\b":1e-400}}`, "{\"\xff\":1}",
	} {
		f.Add(seed)
	}
	for _, document := range eachField() {
		f.Add(document)
	}
	f.Fuzz(func(t *testing.T, document string) {
		s, p := parse(document)
		if strings.Contains(document, `\ud`) || strings.Contains(document, `\uD`) {
			return // the two decode half a surrogate pair differently
		}
		want := model(document)
		if want != (p == nil) {
			t.Fatalf("taken: %v, but should be %v: %v", p == nil, want, p)
		}
		if p != nil {
			require.Nil(t, s)
			text := p.text()
			require.Less(t, len(text), 1000)
			require.True(t, utf8.ValidString(text), text)
			require.NotContains(t, text, "\n")
			return
		}

		var plain struct {
			Off    bool
			Ratio  *float64
			Routes map[string]float64
			Keep   struct {
				Errors       *bool
				SlowerThanMS *float64 `json:"slower_than_ms"`
				Rules        []any
			}
			RequestHeaders  []string `json:"request_headers"`
			ResponseHeaders []string `json:"response_headers"`
		}
		require.NoError(t, json.Unmarshal([]byte(document), &plain))
		require.Equal(t, plain.Off, s.off)
		require.Equal(t, plain.Ratio != nil, s.ratio != nil)
		require.Len(t, s.routes, len(plain.Routes))
		require.Equal(t, plain.Keep.Errors, s.errors)
		require.Equal(t, plain.Keep.SlowerThanMS != nil, s.slowerThan != nil)
		require.Len(t, s.rules, len(plain.Keep.Rules))
		require.Equal(t, plain.RequestHeaders, s.requestHeaders)
		require.Equal(t, plain.ResponseHeaders, s.responseHeaders)

		remote := New(Config{Source: func(string) (string, error) { return document, nil }, Refresh: -1})
		config := remote.Trace(trace.Config{Sampler: trace.Never()})
		remote.Middleware(middleware.Config{})
		result := config.Sampler.Sample(trace.SamplingParameters{Name: "GET /a", TraceID: trace.TraceID{9: 0x80}})
		if want := !plain.Off && plain.Ratio != nil && *plain.Ratio >= 0.5; want != result.Sampled && (plain.Ratio == nil || *plain.Ratio != 0.5) {
			t.Fatalf("sampled: %v", result.Sampled)
		}
		config.Keep.(trace.Keep).If(&trace.Batch{Spans: []trace.SpanData{{Name: "GET /a", Attributes: []trace.Attribute{
			trace.Int("http.response.status_code", 404), trace.String("http.route", "/a"), trace.Strings("a", "b"),
		}}}})
	})
}

// eachField returns documents in which each field has values of all types, alone and beside a field that is valid.
func eachField() (documents []string) {
	for fields, beside := range map[string][2]string{
		documentFields: {`{`, `}`}, keepFields: {`{"keep":{`, `}}`}, ruleFields: {`{"keep":{"rules":[{`, `}]}}`},
	} {
		for _, name := range strings.Split(fields, ", ") {
			for _, value := range []string{`true`, `false`, `0`, `0.5`, `404`, `""`, `"/a"`, `"5xx"`, `[]`, `[404]`, `["a"]`, `{}`, `{"/a":1}`, `[{"errors":true}]`, `null`} {
				field := `"` + name + `":` + value
				documents = append(documents, beside[0]+field+beside[1])
				if fields == ruleFields && name != "attribute" {
					documents = append(documents, beside[0]+`"attribute":"a",`+field+beside[1])
				}
			}
		}
	}
	return documents
}

// Each field that errors list can be in a document.
func TestEachFieldIsAccepted(t *testing.T) {
	all := eachField()
	for _, fields := range []string{documentFields, keepFields, ruleFields} {
		for _, name := range strings.Split(fields, ", ") {
			require.True(t, slices.ContainsFunc(all, func(document string) bool {
				return strings.Contains(document, `"`+name+`":`) && Check(document) == nil
			}), name)
		}
	}
}

// model reports whether a document is valid.
func model(document string) bool {
	if document == "" || len(document) > MaxBytes || !utf8.ValidString(document) || tooDeep(document) || !json.Valid([]byte(document)) {
		return false
	}
	d := json.NewDecoder(strings.NewReader(document))
	d.UseNumber()
	if !distinctKeys(d) {
		return false
	}
	d = json.NewDecoder(strings.NewReader(document))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return false
	}
	ratio := number(0, 1)
	status := func(v any) bool {
		if text, ok := v.(string); ok {
			return len(text) == 3 && strings.HasSuffix(text, "xx") && strings.Contains("12345", text[:1])
		}
		f, ok := v.(json.Number)
		n, err := f.Float64()
		return ok && err == nil && n >= 100 && n <= 599 && n == float64(int(n))
	}
	route := func(v any) bool { text, ok := v.(string); return ok && modelRoute(text) }
	rule := object(map[string]check{
		"errors": func(v any) bool { return v == true },
		"slower_than_ms": func(v any) bool {
			f, ok := v.(json.Number)
			n, err := f.Float64()
			return ok && err == nil && n > 0 && n <= maxSlower
		},
		"route":     route,
		"status":    func(v any) bool { l, ok := v.([]any); return ok && len(l) > 0 && list(status)(v) || !ok && status(v) },
		"attribute": func(v any) bool { text, ok := v.(string); return ok && text != "" },
		"equals": func(v any) bool {
			if f, ok := v.(json.Number); ok {
				_, err := f.Float64()
				return err == nil
			}
			_, isText := v.(string)
			_, isBool := v.(bool)
			return isText || isBool
		},
	})
	return object(map[string]check{
		"comment": text,
		"off":     boolean,
		"ratio":   ratio,
		"routes": func(v any) bool {
			m, ok := v.(map[string]any)
			for key, value := range m {
				ok = ok && modelRoute(key) && ratio(value)
			}
			return ok
		},
		"keep": object(map[string]check{
			"errors":         boolean,
			"slower_than_ms": number(0, maxSlower),
			"rules": list(func(v any) bool {
				m, _ := v.(map[string]any)
				_, equals := m["equals"]
				_, attribute := m["attribute"]
				return rule(v) && len(m) > 0 && (attribute || !equals)
			}),
		}),
		"request_headers":  list(token),
		"response_headers": list(token),
	})(v)
}

type check = func(v any) bool

func object(fields map[string]check) check {
	return func(v any) bool {
		m, ok := v.(map[string]any)
		for key, value := range m {
			ok = ok && fields[key] != nil && fields[key](value)
		}
		return ok
	}
}

func list(element check) check {
	return func(v any) bool {
		l, ok := v.([]any)
		for _, e := range l {
			ok = ok && element(e)
		}
		return ok
	}
}

func number(from, to float64) check {
	return func(v any) bool {
		f, ok := v.(json.Number)
		n, err := f.Float64()
		return ok && err == nil && from <= n && n <= to
	}
}

func text(v any) bool    { _, ok := v.(string); return ok }
func boolean(v any) bool { _, ok := v.(bool); return ok }

func token(v any) bool {
	s, ok := v.(string)
	return ok && s != "" && strings.Trim(s, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && !strings.ContainsAny(s, "()<>@,;:\\\"/[]?={} \t")
}

func modelRoute(s string) bool {
	if s == "" || strings.TrimSpace(s) != s {
		return false
	}
	method, route, ok := strings.Cut(s, " ")
	if ok && strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		if s = route; strings.TrimSpace(route) != route || route == "" {
			return false
		}
	}
	return strings.HasPrefix(s, "/") || !strings.Contains(s, " ")
}

// distinctKeys reads one value, and reports whether the keys of all objects in it are distinct.
func distinctKeys(d *json.Decoder) bool {
	token, err := d.Token()
	if err != nil {
		return err == io.EOF
	}
	switch token {
	case json.Delim('{'):
		seen := map[string]bool{}
		for d.More() {
			key, _ := d.Token()
			name, _ := key.(string)
			if seen[name] || !distinctKeys(d) {
				return false
			}
			seen[name] = true
		}
		_, err = d.Token()
	case json.Delim('['):
		for d.More() {
			if !distinctKeys(d) {
				return false
			}
		}
		_, err = d.Token()
	}
	return err == nil
}

// Documents with other whitespace mean the same.
func FuzzWhitespace(f *testing.F) {
	f.Add(`{"ratio":0.5,"keep":{"rules":[{"status":[404]}]}}`)
	f.Fuzz(func(t *testing.T, document string) {
		var out bytes.Buffer
		if json.Indent(&out, []byte(document), "", "\t") != nil || out.Len() > MaxBytes {
			return
		}
		require.Equal(t, Check(document) == nil, Check(out.String()) == nil)
	})
}

func tooDeep(document string) bool {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(document); i++ {
		switch document[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case '{', '[':
			if !quoted {
				depth++
			}
		case '}', ']':
			if !quoted {
				depth--
			}
		}
		deepest = max(deepest, depth)
	}
	return deepest > maxDepth
}

// FuzzNumber compares numbers with those of strconv.
func FuzzNumber(f *testing.F) {
	for _, seed := range []string{"0", "-0", "1", "0.1", "1e-3", "12345678901234567890", "1e999", "-1e-999", "1e308", "01", "1.", ".1", "+1", "nan", "0x1", "1_0", "5e-324", "0e99999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseNumber(s)
		want, err := strconv.ParseFloat(s, 64)
		isJSON := len(s) > 0 && strings.Trim(s[:1]+s[len(s)-1:], "-0123456789") == "" && json.Valid([]byte(s)) // without whitespace
		if want > 1e307 || want < -1e307 {
			return // where the last digit may differ
		}
		require.Equal(t, isJSON && err == nil, ok, s)
		if ok && len(s) <= 15 && !strings.ContainsAny(s, "eE") {
			require.Equal(t, want, got, s)
		} else if ok && math.Abs(want) > 1e-300 {
			require.InEpsilon(t, want, got, 1e-13, s)
		}
	})
}
