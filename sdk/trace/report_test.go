package trace_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

func TestDefaultReport(t *testing.T) {
	text := stderrOf(t, func() {
		// Each provider has a limit of its own.
		for _, text := range []string{"first\nof\ttwo\r\n\x1b[31m\x00", "second\x7f \u00e9\u009b2J\xc2A\u0180\u00a0"} {
			tp := trace.NewTracerProvider(trace.Config{Exporter: discard})
			tp.ReportError(nil)
			tp.ReportError(errors.New(text))
		}
	})
	// Invalid UTF-8 is replaced, as JavaScript's console does.
	assert.Equal(t, "edgespan: first of two   [31m \nedgespan: second  \u00e9  2J\uFFFDA\u0180\u00a0\n", strings.ToValidUTF8(text, "\uFFFD"))
}

// TestDefaultReportIsLimited checks that there are at most four lines a second, and that a line says if errors were left out.
func TestDefaultReportIsLimited(t *testing.T) {
	const n = 1000
	start := time.Now()
	text := stderrOf(t, func() {
		tp := trace.NewTracerProvider(trace.Config{Exporter: discard})
		concurrently(4, func(int) {
			for range n / 4 {
				tp.ReportError(errBoom)
			}
		})
		time.Sleep(1100 * time.Millisecond)
		tp.ReportError(errBoom)
	})
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	assert.GreaterOrEqual(t, len(lines), 2)
	assert.LessOrEqual(t, len(lines), 4*(1+int(time.Since(start)/time.Second)))
	assert.Equal(t, "edgespan: boom\n", lines[0])
	assert.Equal(t, "edgespan: boom (and earlier errors that were not shown)", lines[len(lines)-1])
}

// TestDefaultReportOfABadError checks that an error whose Error method panics is not written, and that other errors still are.
func TestDefaultReportOfABadError(t *testing.T) {
	text := stderrOf(t, func() {
		tp := trace.NewTracerProvider(trace.Config{})
		tp.ReportError(panicky{})
		tp.ReportError((*touchy)(nil))
		tp.ReportError(errBoom)
	})
	assert.Equal(t, "edgespan: boom\n", text)
}
