package slogspan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

// source makes records and handlers from random bytes.
type source struct {
	data []byte
	// full excludes groups without attributes, with which slog.JSONHandler has defects: after such a group within a group a
	// comma may be missing, and such a group in WithAttrs may leave its outer groups empty.
	full bool
}

func (s *source) next() byte {
	if len(s.data) == 0 {
		return 0
	}
	c := s.data[0]
	s.data = s.data[1:]
	return c
}

func (s *source) one(n int) int { return int(s.next()) % n }

var nasty = []string{"", "k", "time", "msg", "attributes", "\x00", "\"", `\`, "\n", "\u2028", "\xff", "é", "\xed\xa0\x80", "</b>", `"bytesValue":"`, "bytesValue",
	strings.Repeat("x", 70), strings.Repeat("\"é", 60), strings.Repeat("\x01", 40), strings.Repeat("long ", 400)}

func (s *source) text() string {
	c := int(s.next())
	if c < 128 {
		return nasty[c%len(nasty)]
	}
	n := min(c-128, len(s.data))
	text := string(s.data[:n])
	s.data = s.data[n:]
	return text
}

func (s *source) attrs(depth int) (attrs []slog.Attr) {
	for range s.one(6) {
		key := s.text()
		switch s.one(14) {
		case 0:
			attrs = append(attrs, slog.Int64(key, int64(s.next())-128<<s.one(56)))
		case 1:
			attrs = append(attrs, slog.Uint64(key, math.MaxUint64>>s.one(64)))
		case 2:
			attrs = append(attrs, slog.Float64(key, float64(s.next())/8))
		case 3:
			attrs = append(attrs, slog.Bool(key, s.one(2) == 1))
		case 4:
			attrs = append(attrs, slog.Duration(key, time.Duration(s.next())<<s.one(56)))
		case 5: // not after the year 9999, for which slog.JSONHandler writes no valid JSON
			attrs = append(attrs, slog.Time(key, time.Unix(int64(s.next())<<s.one(30), 0).UTC()))
		case 6, 7:
			if depth < 4 {
				members := s.attrs(depth + 1)
				if s.full {
					members = append(members, slog.Int("one", 1))
				}
				attrs = append(attrs, slog.Attr{Key: key, Value: slog.GroupValue(members...)})
			}
		case 8:
			attrs = append(attrs, slog.Any(key, resolved{slog.GroupValue(slog.String("in", s.text()))}))
		case 9:
			attrs = append(attrs, slog.Any(key, []string{s.text(), s.text()}))
		case 10:
			attrs = append(attrs, slog.Any(key, fmt.Errorf("%s", s.text())))
		case 11:
			attrs = append(attrs, slog.Any(key, map[string]any{"a": s.text(), "b": []byte(s.text())}))
		case 12:
			if !s.full {
				attrs = append(attrs, slog.Attr{})
			}
		default:
			attrs = append(attrs, slog.String(key, s.text()))
		}
	}
	return attrs
}

// handler returns h after several calls of WithAttrs and WithGroup.
func (s *source) handler(h slog.Handler) slog.Handler {
	for range s.one(4) {
		if s.one(2) == 0 {
			h = h.WithGroup("g" + s.text()) // slog.JSONHandler leaves empty names to slog.Logger
		} else {
			h = h.WithAttrs(s.attrs(0))
		}
	}
	return h
}

func addSeeds(f *testing.F) {
	for seed := range uint64(24) {
		r := rand.New(rand.NewPCG(seed, 0))
		data := make([]byte, 30*seed)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		f.Add(data, uint16(r.Uint32N(3_000)))
	}
}

// Whatever is logged and whatever the limit is, lines are valid and short enough, and each record is in one of them or counted.
func FuzzLines(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte, limit uint16) {
		for _, format := range formats {
			s := &source{data: data}
			tp := newProvider()
			w := new(lines)
			top := holding(w, slogspan.Config{Provider: tp, Format: format.Format, LineLimit: int(limit), OnError: func(error) {}})
			ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
			n := 1 + s.one(8)
			for range n {
				_ = s.handler(top).Handle(ctx, record(slog.Level(s.one(40)-20), s.text(), s.attrs(0)...))
			}
			top.AfterResponse()(ctx)
			most := int(limit)
			if most == 0 {
				most = slogspan.DefaultLineLimit
			}
			read := 0
			for _, line := range w.all {
				text, newline := strings.CutSuffix(line, "\n")
				require.True(t, newline)
				require.NotContains(t, text, "\n")
				require.LessOrEqual(t, len(text), most)
				require.True(t, json.Valid([]byte(text)), "%s", text)
				require.True(t, utf8.ValidString(text))
				read += len(readAll(t, format.Format, line))
			}
			stats := top.Stats()
			require.EqualValues(t, n, stats.Records+stats.DroppedRecords)
			require.EqualValues(t, read, stats.Records)
			if most > 1_500 {
				require.Zero(t, stats.DroppedRecords)
			}
		}
	})
}

// The decoded records are those that were logged. JSON is compared with the output of slog.JSONHandler, and OTLP with the JSON.
func FuzzRoundTrip(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte, _ uint16) {
		var want, asJSON, asOTLP bytes.Buffer
		log := func(h slog.Handler) {
			s := &source{data: data, full: true}
			h = s.handler(h)
			require.NoError(t, h.Handle(context.Background(), record(slog.Level(s.one(40)-20), s.text(), s.attrs(0)...)))
		}
		log(slog.NewJSONHandler(&want, &slog.HandlerOptions{Level: slog.Level(-100)}))
		log(slogspan.NewHandler(&asJSON, slogspan.Config{Format: slogspan.JSON, LineLimit: -1}))
		log(slogspan.NewHandler(&asOTLP, slogspan.Config{LineLimit: -1}))

		ours := strings.Replace(asJSON.String(), `,"service.name":"`+unknownService()+`"`, ``, 1)
		require.Equal(t, tokens(t, want.String()), tokens(t, ours))

		// In OTLP, values have other forms. So only keys and nesting, in their order, and texts are compared.
		require.Equal(t, outline(t, attributesOf(t, ours)), outlineOTLP(decodeOTLP(t, asOTLP.String()).records()[0].Attributes))
	})
}

// tokens returns the tokens of a JSON text, including duplicate keys.
func tokens(t *testing.T, text string) (list []json.Token) {
	d := json.NewDecoder(strings.NewReader(text))
	for d.More() {
		token, err := d.Token()
		require.NoError(t, err, "%s", text)
		list = append(list, token)
	}
	return list
}

// attributesOf returns what comes after time, level and msg in a line of JSON, as an object.
func attributesOf(t *testing.T, line string) string {
	d := json.NewDecoder(strings.NewReader(line))
	for range 1 + 2*3 {
		_, err := d.Token()
		require.NoError(t, err)
	}
	return "{" + strings.TrimPrefix(line[d.InputOffset():], ",")
}

// outline writes the keys, the nesting and the texts of an object.
func outline(t *testing.T, text string) string {
	var b strings.Builder
	d := json.NewDecoder(strings.NewReader(text))
	var value func()
	value = func() {
		token, err := d.Token()
		require.NoError(t, err)
		switch v := token.(type) {
		case json.Delim:
			fmt.Fprint(&b, v)
			for d.More() {
				if v == '{' {
					key, err := d.Token()
					require.NoError(t, err)
					fmt.Fprintf(&b, "%q:", key)
				}
				value()
			}
			end, err := d.Token()
			require.NoError(t, err)
			fmt.Fprint(&b, end)
		case string:
			b.WriteString("text,")
		default:
			b.WriteString("value,")
		}
	}
	value()
	return strings.ReplaceAll(b.String(), "text,", "value,")
}

func outlineOTLP(attrs []keyValue) string {
	var b strings.Builder
	var value func(v anyValue)
	group := func(attrs []keyValue) {
		b.WriteString("{")
		for _, kv := range attrs {
			fmt.Fprintf(&b, "%q:", kv.Key)
			value(kv.Value)
		}
		b.WriteString("}")
	}
	value = func(v anyValue) {
		switch {
		case v.KvlistValue != nil:
			group(v.KvlistValue.Values)
		case v.ArrayValue != nil:
			b.WriteString("[")
			for _, element := range v.ArrayValue.Values {
				value(element)
			}
			b.WriteString("]")
		default:
			b.WriteString("value,")
		}
	}
	group(attrs)
	return b.String()
}
