package slogspan_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/slogspan"
)

// log/slog's rules for handlers, in every format.
func TestSlogtest(t *testing.T) {
	for _, format := range formats {
		t.Run(format.name, func(t *testing.T) {
			var out *bytes.Buffer
			slogtest.Run(t, func(t *testing.T) slog.Handler {
				out = new(bytes.Buffer)
				return slogspan.NewHandler(out, slogspan.Config{Format: format.Format})
			}, func(t *testing.T) map[string]any {
				records := readAll(t, format.Format, out.String())
				require.Len(t, records, 1)
				return records[0]
			})
		})
	}
}

// The same for a handler on which WithAttrs has been called with other attributes before, and whose lines wait.
func TestSlogtestWaiting(t *testing.T) {
	for _, format := range formats {
		t.Run(format.name, func(t *testing.T) {
			var out *bytes.Buffer
			var h *slogspan.Handler
			slogtest.Run(t, func(t *testing.T) slog.Handler {
				out = new(bytes.Buffer)
				h = holding(out, slogspan.Config{Format: format.Format})
				_ = h.WithAttrs([]slog.Attr{slog.Int("other", 1)}).WithGroup("other")
				ctx, span := spanContext()
				span.End()
				return withContext{h, ctx}
			}, func(t *testing.T) map[string]any {
				require.Zero(t, out.Len(), "written before the end")
				require.NoError(t, h.Flush(t.Context()))
				records := readAll(t, format.Format, out.String())
				require.Len(t, records, 1)
				return records[0]
			})
		})
	}
}

var formats = []struct {
	name string
	slogspan.Format
}{{"OTLP", slogspan.OTLP}, {"JSON", slogspan.JSON}, {"JSONArray", slogspan.JSONArray}}

// readAll returns the records of lines as slog.JSONHandler would have written them.
func readAll(t testing.TB, format slogspan.Format, text string) (records []map[string]any) {
	for line := range strings.Lines(text) {
		require.True(t, strings.HasSuffix(line, "\n"))
		switch format {
		case slogspan.OTLP:
			records = append(records, readOTLP(t, line)...)
		case slogspan.JSON:
			var record map[string]any
			require.NoError(t, json.Unmarshal([]byte(line), &record), "%s", line)
			records = append(records, record)
		case slogspan.JSONArray:
			var list []map[string]any
			require.NoError(t, json.Unmarshal([]byte(line), &list), "%s", line)
			records = append(records, list...)
		}
	}
	return records
}
