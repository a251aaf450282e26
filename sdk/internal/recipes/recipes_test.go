// Package recipes tests that what docs/recipes says of lines agrees with the documentation of the receivers. e2e/recipes runs
// the commands of the pages.
package recipes

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/internal/spangen"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
	"github.com/stretchr/testify/require"
)

const folder = "../../../docs/recipes/"

// pages returns the recipes, by name.
func pages(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(folder + "*.md")
	require.NoError(t, err)
	pages := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		if name := strings.TrimSuffix(filepath.Base(file), ".md"); name != "README" {
			pages[name] = string(text)
		}
	}
	require.NotEmpty(t, pages)
	return pages
}

var commands = regexp.MustCompile(`(?m)^fastly service logging (\w+) create --name=(\w+) `)

// TestPages checks that each page has all sections, and that its code, its command and its manifest name the same endpoint.
func TestPages(t *testing.T) {
	index, err := os.ReadFile(folder + "README.md")
	require.NoError(t, err)
	for name, text := range pages(t) {
		t.Run(name, func(t *testing.T) {
			at := 0
			for _, heading := range []string{"# ", "\n## The service\n", "\n## The endpoint\n", "\n## Batching\n", "\n## The far end\n", "\n## Verified\n"} {
				next := strings.Index(text[at:], heading)
				require.GreaterOrEqual(t, next, 0, "no heading %q, or not in this order", heading)
				at += next
			}
			command := commands.FindAllStringSubmatch(text, -1)
			require.Len(t, command, 1)
			provider, endpoint := command[0][1], command[0][2]
			require.Contains(t, text, "\n[setup.log_endpoints."+endpoint+"]\nprovider = \""+provider+"\"\n")
			require.Contains(t, text, `logendpoint.Open("`+endpoint+`"`)
			require.Contains(t, text, "\nfastly service version activate --version=latest\n")
			require.Contains(t, string(index), "]("+name+".md) | `"+provider+"` |")
		})
	}
}

// randomBatches calls check with batches of random spans.
func randomBatches(check func(b *trace.Batch)) {
	r := rand.New(rand.NewPCG(1, 2))
	for size := range 400 {
		data := make([]byte, 4*size)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		check(spangen.Batch(data))
	}
}

func eachLine(t *testing.T, format func([]byte, *trace.Batch) []byte, check func(line []byte)) {
	t.Helper()
	n := 0
	randomBatches(func(b *trace.Batch) {
		for line := range bytes.Lines(format(nil, b)) {
			require.True(t, json.Valid(line), "%s", line)
			check(line)
			n++
		}
	})
	require.Greater(t, n, 400)
}

// members returns the members of an object, with their text.
func members(t *testing.T, object []byte) map[string]json.RawMessage {
	t.Helper()
	m := map[string]json.RawMessage{}
	require.NoError(t, json.Unmarshal(object, &m), "%s", object)
	return m
}

var timestamp = regexp.MustCompile(`^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"$`)

// bigQueryTypes says whether a column of a type accepts a value. See
// https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types and, for JSON, the text in bigquery.md.
var bigQueryTypes = map[string]func(text []byte) bool{
	"STRING":    func(text []byte) bool { var s string; return json.Unmarshal(text, &s) == nil },
	"INTEGER":   func(text []byte) bool { var n int64; return json.Unmarshal(text, &n) == nil },
	"FLOAT":     func(text []byte) bool { var f float64; return json.Unmarshal(text, &f) == nil },
	"BOOLEAN":   func(text []byte) bool { var b bool; return json.Unmarshal(text, &b) == nil },
	"TIMESTAMP": timestamp.Match,
	"JSON":      func(text []byte) bool { var s string; return json.Unmarshal(text, &s) == nil && json.Valid([]byte(s)) },
}

func TestBigQuerySchema(t *testing.T) {
	text, err := os.ReadFile(folder + "bigquery-schema.json")
	require.NoError(t, err)
	var schema []struct{ Name, Type, Mode, Description string }
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&schema))
	types, required, unseen := map[string]string{}, []string{}, map[string]bool{}
	for _, column := range schema {
		require.Regexp(t, `^[a-z][a-z0-9_]*$`, column.Name)
		require.Contains(t, bigQueryTypes, column.Type)
		require.NotContains(t, types, column.Name)
		types[column.Name], unseen[column.Name] = column.Type, true
		if column.Mode == "REQUIRED" {
			required = append(required, column.Name)
		}
	}
	eachLine(t, compact.AppendBigQuery, func(line []byte) {
		m := members(t, line)
		for name, value := range m {
			require.Contains(t, types, name, "a field without a column, for which BigQuery refuses the row")
			require.True(t, bigQueryTypes[types[name]](value), "%s is no %s: %s", name, types[name], value)
			delete(unseen, name)
		}
		for _, name := range required {
			require.Contains(t, m, name)
		}
	})
	require.Empty(t, unseen, "columns that nothing fills")

	// compact.Append would not be accepted, as the page says.
	line, _, _ := bytes.Cut(compact.Append(nil, traced(t)), []byte("\n"))
	require.False(t, bigQueryTypes["JSON"](members(t, line)["attributes"]))
}

// traced is a batch that the SDK has made, with a threshold in its trace state.
func traced(t *testing.T) *trace.Batch {
	t.Helper()
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: exporter, Sampler: trace.Ratio(0.999999)})
	for len(exporter.Batches()) == 0 { // until a trace is sampled
		ctx, root := tp.Start(t.Context(), "GET /", trace.StartConfig{Kind: trace.SpanKindServer})
		_, child := trace.Start(ctx, "render")
		child.SetStatus(trace.StatusError, "no paper")
		child.End()
		root.End()
	}
	return &exporter.Batches()[0]
}

// TestHoneycombEvents checks lines against https://docs.honeycomb.io/api/tag/Events and, for the fields of a trace,
// https://docs.honeycomb.io/send-data/tracing.
func TestHoneycombEvents(t *testing.T) {
	eachLine(t, compact.AppendHoneycomb, func(line []byte) {
		m := members(t, line)
		var at string
		require.NoError(t, json.Unmarshal(m["time"], &at))
		_, err := time.Parse(time.RFC3339Nano, at)
		require.NoError(t, err)
		data := members(t, m["data"])
		for _, field := range []string{"trace.trace_id", "trace.span_id", "name"} {
			require.Regexp(t, `^"`, string(data[field]), field)
		}
		delete(m, "time")
		delete(m, "data")
		if rate, ok := m["samplerate"]; ok {
			require.Regexp(t, `^[1-9]\d*$`, string(rate))
			delete(m, "samplerate")
		}
		require.Empty(t, m, "an event has no other members")
	})

	lines := bytes.Split(compact.AppendHoneycomb(nil, traced(t)), []byte("\n"))
	require.Len(t, lines, 2)
	root, child := members(t, members(t, lines[0])["data"]), members(t, members(t, lines[1])["data"])
	if root["trace.parent_id"] != nil {
		root, child = child, root
	}
	require.Equal(t, root["trace.trace_id"], child["trace.trace_id"])
	require.Equal(t, root["trace.span_id"], child["trace.parent_id"])
	require.Equal(t, `"shop"`, string(root["service.name"]))
	require.Equal(t, `true`, string(child["error"]))
	require.Regexp(t, `^[0-9.]+$`, string(root["duration_ms"]))
}

// TestNewRelicLimits checks that the limit on the page is the one at which values are cut.
func TestNewRelicLimits(t *testing.T) {
	require.Contains(t, pages(t)["newrelic"], "Limits:      trace.Limits{AttributeValueLength: 4095},")
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter, Limits: trace.Limits{AttributeValueLength: 4095}})
	_, span := tp.Start(t.Context(), "GET /", trace.StartConfig{})
	span.SetAttributes(trace.String("long", strings.Repeat("é", 5000)), trace.Strings("list", strings.Repeat("x", 5000)))
	span.End()
	attributes := exporter.Spans()[0].Attributes
	require.Equal(t, trace.String("long", strings.Repeat("é", 4095)), attributes[0])
	require.Equal(t, trace.Strings("list", strings.Repeat("x", 4095)), attributes[1])
}
