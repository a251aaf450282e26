package ship

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/sdk/otlp"
)

// For any two lines, the body that is sent is JSON with as many spans and log records as were found in them.
func FuzzBody(f *testing.F) {
	for _, a := range []string{spanLine("a"), compactLine, honeyLine, otlpLog, appLog, oddNumbers, schemaLine, "[" + spanLine("a") + "," + otlpLog + "]", `{"resourceSpans":[{"resource":{},"scopeSpans":[]}]}`} {
		f.Add([]byte(a), []byte(spanLine("b")))
		f.Add([]byte(a), []byte(a))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var both []*line
		for _, text := range [][]byte{a, b} {
			text = bytes.Clone(text)
			if r := lines.Parse(text); r.Kind == lines.Spans || r.Kind == lines.Logs {
				both = append(both, newLine("in", 1, text, &r))
			}
		}
		for signal := range signals {
			body, items := appendBody(nil, signal, both)
			require.True(t, json.Valid(body), "%s", body)
			if signal == spanSignal {
				batches, err := otlp.Decode(body)
				require.NoError(t, err, "%s", body)
				n := 0
				for _, b := range batches {
					n += len(b.Spans)
				}
				assert.Equal(t, items, n, "%s", body)
				continue
			}
			found := 0
			if r := lines.Parse(body); r.Kind == lines.Logs {
				found = r.Objects[0].Items
			}
			assert.Equal(t, items, found, "%s", body)
		}
	})
}
