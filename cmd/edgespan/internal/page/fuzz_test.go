package page

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

var embedded = regexp.MustCompile(`(?s)id="data">(.*?)</script>`)

// For any lines, the page's data is JSON that ends at the end of its element, and its indices are valid.
func FuzzLines(f *testing.F) {
	f.Add(spanLine(1, 1, 0, "</script><!--"), logLine(1, 1, "\u2028"), "</script>")
	f.Add(strings.Replace(spanLine(1, 1, 2, "a"), `"1700000000000000001"`, `"9223372036854775807"`, 1), spanLine(1, 2, 1, "b"), "")
	f.Add(`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","start_time_ms":-1e99,"duration_ms":1e99}`, `[{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","msg":"","n":1e999}]`, "\xff")
	f.Fuzz(func(t *testing.T, a, b, title string) {
		hub := NewHub(0, traces.Filter{})
		hub.Line([]byte(a))
		hub.Line([]byte(b))
		list, _, _ := hub.Traces()
		var out bytes.Buffer
		require.NoError(t, Write(&out, list, title))
		require.Equal(t, 2, bytes.Count(bytes.ToLower(out.Bytes()), []byte("</script")))
		var got struct{ Traces []traceJSON }
		require.NoError(t, json.Unmarshal(embedded.FindSubmatch(out.Bytes())[1], &got))
		require.Len(t, got.Traces, len(list))
		for _, tr := range got.Traces {
			for i, s := range tr.Spans {
				assert.True(t, s.Parent >= -1 && s.Parent < i && s.Service >= -1 && s.Service < len(tr.Services) && s.Resource >= 0 && s.Resource < len(tr.Resources))
			}
		}
	})
}
