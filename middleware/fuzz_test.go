package middleware

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// pairs of a raw query, as servers split it.
func pairs(raw string) []string {
	return strings.FieldsFunc(raw+"&", func(r rune) bool { return r == '&' || r == ';' })
}

// FuzzRedactQuery: the output has the same parameters in the same order; the value of a secret is REDACTED, and that of
// any other as it was.
func FuzzRedactQuery(f *testing.F) {
	for _, seed := range []string{
		"", "a=1&b=2", "token=x", "a=1;token=x&b", "user[password]=x&user%5Bpassword%5D=y", "%74oken=x", "=&=&==", "token=a=b;c",
		"access_token=\x00\xff&q=%zz", "TOKEN=1&;&token", "api-key=%26&a=%3D",
	} {
		f.Add(seed)
	}
	r := newRedactor([]string{"iban"}, []string{"page_token"})
	f.Fuzz(func(t *testing.T, raw string) {
		got := r.query(raw)
		before, after := pairs(raw), pairs(got)
		require.Len(t, after, len(before))
		for i := range before {
			name, value, found := strings.Cut(before[i], "=")
			want := before[i]
			if found && value != "" && r.hides(name) {
				want = name + "=REDACTED"
			}
			require.Equal(t, want, after[i])
		}
		require.Equal(t, got, r.query(got), "again, it changes nothing")

		// Whoever parses it finds the same names, and of secrets nothing else.
		was, err := url.ParseQuery(raw)
		is, err2 := url.ParseQuery(got)
		if err != nil || err2 != nil {
			return
		}
		for name, values := range was {
			require.Len(t, is[name], len(values))
			for i, value := range values {
				switch {
				case value == "" || !r.hides(url.QueryEscape(name)):
					require.Equal(t, value, is[name][i], name)
				default:
					require.Equal(t, redacted, is[name][i], name)
				}
			}
		}
	})
}

// FuzzSecrets: the value of a parameter whose name is secret is nowhere in the result, whatever stands around it.
func FuzzSecrets(f *testing.F) {
	f.Add("a=1&", "token", "&b=2", uint8(0))
	f.Add("x;", "user[password]", ";", uint8(3))
	f.Add("%", "apiKey", "#", uint8(0xff))
	f.Fuzz(func(t *testing.T, before, name, after string, escape uint8) {
		const secret = "hunter2hunter2"
		if strings.ContainsAny(name, "&;=") || strings.Contains(name, secret) || strings.Contains(before+after, secret) || !IsSecret(url.QueryEscape(name)) {
			return
		}
		var key strings.Builder // written in one of many ways
		for i := 0; i < len(name); i++ {
			c := name[i]
			if escape&(1<<(i%8)) != 0 || c == '%' || c == '+' || c == '#' || c == '?' {
				key.WriteString(url.QueryEscape(string(rune(c))))
			} else {
				key.WriteByte(c)
			}
		}
		if strings.ContainsFunc(name, func(r rune) bool { return r > 0x7e }) || !IsSecret(key.String()) {
			return
		}
		raw := key.String() + "=" + secret
		if before != "" {
			raw = before + "&" + raw
		}
		if after != "" {
			raw += "&" + after
		}
		var r redactor
		require.NotContains(t, r.query(raw), secret)
		require.NotContains(t, r.url(&url.URL{Scheme: "https", Host: "h", RawQuery: raw}), secret)
	})
}

// FuzzURL: the credentials of a URL, and the values of its secrets, are nowhere in url.full, which is absolute as it was.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{
		"https://bob:hunter2@h.example/a?token=hunter2#hunter2", "http:bob:hunter2@h", "//hunter2@h", "https://[::1]:80/%2F?a=1", "*", "mailto:hunter2@x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := url.Parse(text)
		if err != nil {
			return
		}
		var r redactor
		got := r.url(u)
		if u.User != nil {
			if password, ok := u.User.Password(); ok && password != "" && strings.Count(text, password) == 1 && !strings.Contains(redacted, password) {
				require.NotContains(t, got, password)
			}
		}
		if u.Opaque != "" {
			return
		}
		again, err := url.Parse(got)
		if err != nil { // what was parsed leniently, such as a path with a colon
			return
		}
		require.Equal(t, u.Host, again.Host)
		require.Equal(t, u.Scheme, again.Scheme)
		if u.Host != "" && u.Path != "" {
			require.Equal(t, u.EscapedPath(), again.EscapedPath())
		}
	})
}

func FuzzHost(f *testing.F) {
	for _, seed := range []string{"", "a:80", "[::1]:80", "::1", "[", "]:", "[]:1", ":::"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		address, port := splitHost(host)
		require.True(t, 0 <= port && port <= 65535)
		require.Contains(t, host, address)
		if !strings.ContainsAny(host, ":[]") {
			require.Equal(t, host, address)
			require.Zero(t, port)
		}
	})
}

// FuzzRequest: whatever comes, the client gets what the handler meant, and the span is a valid line that reads back.
func FuzzRequest(f *testing.F) {
	f.Add("GET", "/a", "b=c", "h:80", "User-Agent", "curl", parentSampled, "a=1", "/{id}", 200, "hello", false)
	f.Add("", "", "", "", "", "", "", "", "", 0, "", false)
	f.Add("\x00", "/\xff\n\"", "token=\x00&\xff", "[::1", "Cookie", "\r\n", "00-", "=,", "\x00", 103, "\x00", true)
	f.Add("PURGE", "//", strings.Repeat("a=b&", 5000), ":", "Content-Length", "-1", parentNot, "ot=th:0", "", 999, "", true)
	f.Fuzz(func(t *testing.T, method, path, query, host, name, value, parent, state, route string, status int, body string, panics bool) {
		s := newSetup()
		r := &fsthttp.Request{
			Method: method, Host: host, RemoteAddr: value, URL: &url.URL{Scheme: "https", Host: host, Path: path, RawQuery: query},
			Header: fsthttp.Header{"Traceparent": {parent}, "Tracestate": {state}}, ProtoMajor: status,
		}
		r.Header.Add(name, value)
		w := fsttest.NewRecorder()
		handler := New(s.tp, Config{
			RequestHeaders:  []string{name},
			ResponseHeaders: []string{name},
			Route:           func(*fsthttp.Request) string { return route },
		})(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			w.Header().Set(name, value)
			if status != 0 {
				w.WriteHeader(status)
			}
			_, err := io.WriteString(w, body)
			require.NoError(t, err)
			_, err = Send(ctx, r, body)
			require.Error(t, err)
			if panics {
				panic(body)
			}
		}))
		call := func() { handler(context.Background(), w, r) }
		if panics {
			require.PanicsWithValue(t, body, call)
		} else {
			call()
		}
		if status != 0 {
			require.Equal(t, status, w.Code)
		}
		require.Equal(t, body, w.Body.String())
		require.Empty(t, s.errs)

		require.Len(t, s.all(), 1)
		line := new(otlp.Encoder).Append(nil, s.all()[0])
		require.True(t, json.Valid(line), "%s", line)
		require.NotContains(t, string(line), "\n")
		read, err := otlp.Decode(line)
		require.NoError(t, err)
		require.Len(t, read, 1)
		require.Len(t, read[0].Spans, 2)
		root := read[0].Root()
		require.NotNil(t, root)
		require.Equal(t, trace.SpanKindServer, root.Kind)
		require.Len(t, root.Events, map[bool]int{false: 1, true: 2}[panics])
		if panics {
			require.Equal(t, trace.Status{Code: trace.StatusError, Description: body}, s.all()[0].Root().Status)
		}
	})
}
