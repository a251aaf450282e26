package view

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/waterfall"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden draws each of testdata's inputs and compares the complete output, with tally and notices.
func TestGolden(t *testing.T) {
	for _, tc := range []struct {
		input, golden string
		set           func(*Config, *waterfall.Options)
	}{
		{"viceroy.txt", "viceroy.golden", nil},
		{"viceroy.txt", "viceroy-color.golden", func(_ *Config, o *waterfall.Options) { o.Color = true }},
		{"viceroy.txt", "viceroy-attributes.golden", func(_ *Config, o *waterfall.Options) { o.Attributes = true }},
		{"viceroy.txt", "viceroy-narrow.golden", func(_ *Config, o *waterfall.Options) { o.Width = 50 }},
		{"viceroy.txt", "viceroy-errors.golden", func(c *Config, _ *waterfall.Options) { c.Filter.Errors = true }},
		{"viceroy.txt", "viceroy-none.golden", func(c *Config, _ *waterfall.Options) { c.Filter.ID = "ffff" }},
		{"logtail.txt", "logtail.golden", nil},
		{"collector.jsonl", "collector.golden", nil},
		{"compact.jsonl", "compact.golden", nil},
		{"odd.jsonl", "odd.golden", nil},
		{"odd.jsonl", "odd-color.golden", func(_ *Config, o *waterfall.Options) { o.Color, o.Attributes = true, true }},
	} {
		t.Run(tc.golden, func(t *testing.T) {
			var out bytes.Buffer
			output := &Waterfalls{W: &out, Options: waterfall.Options{Width: 100}}
			cfg := testConfig(&out, tc.input)
			cfg.Output = output
			if tc.set != nil {
				tc.set(&cfg, &output.Options)
			}
			run(t, cfg, &out)
			golden(t, tc.golden, out.Bytes())
		})
	}
}

// A terminal may be resized between two traces.
func TestWidthIsThatOfTheMoment(t *testing.T) {
	tr := traces.NewStore(traces.Limits{}).Add(lines.Parse([]byte(`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","name":"a","start_time_ms":1,"end_time_ms":2,"duration_ms":1}`)), nil)[0]
	var out bytes.Buffer
	width := 100
	output := &Waterfalls{W: &out, Width: func() int { return width }}
	for _, width = range []int{100, 60, 120} {
		out.Reset()
		require.NoError(t, output.Trace(tr))
		longest := 0
		for line := range strings.Lines(out.String()) {
			longest = max(longest, len(line))
		}
		assert.Equal(t, width, longest, out.String()) // with its end
	}
}

func TestGoldenSummary(t *testing.T) {
	var out bytes.Buffer
	cfg := testConfig(&out, "viceroy.txt", "odd.jsonl")
	cfg.Output = &Summary{W: &out, Options: waterfall.Options{Width: 100}}
	cfg.Text = nil
	run(t, cfg, &out)
	golden(t, "summary.golden", out.Bytes())
}

func TestGoldenRaw(t *testing.T) {
	var out bytes.Buffer
	cfg := testConfig(&out, "viceroy.txt")
	cfg.Raw, cfg.Text, cfg.Filter.Errors = true, nil, true
	cfg.Output = Lines{W: &out}
	_, err := Run(context.Background(), cfg)
	require.NoError(t, err)
	input, err := os.ReadFile("testdata/viceroy.txt")
	require.NoError(t, err)
	var want string
	for line := range strings.Lines(string(input)) {
		if rest, ok := strings.CutPrefix(line, "otlp_logs :: "); ok && strings.Contains(line, "item.stock") {
			want += rest
		}
	}
	broken, lines, _ := strings.Cut(out.String(), "\n")
	assert.Contains(t, broken, "edgespan: viceroy.txt:6: ")
	assert.Equal(t, want, lines)
}

func testConfig(out *bytes.Buffer, names ...string) Config {
	cfg := Config{Errors: reasonless{out}, Text: func(line string) { fmt.Fprintf(out, "text: %s\n", line) }}
	for _, name := range names {
		f, err := os.Open(filepath.Join("testdata", name))
		if err != nil {
			panic(err)
		}
		cfg.Inputs = append(cfg.Inputs, inputs.Input{Name: name, Reader: f})
	}
	return cfg
}

// reasonless removes the reason why a line cannot be read, which is another package's text.
type reasonless struct{ w io.Writer }

func (r reasonless) Write(p []byte) (int, error) {
	parts := strings.SplitN(string(p), ":", 4)
	fmt.Fprintln(r.w, strings.Join(parts[:3], ":")+": ...")
	return len(p), nil
}

func run(t *testing.T, cfg Config, out *bytes.Buffer) {
	t.Helper()
	tally, err := Run(context.Background(), cfg)
	require.NoError(t, err)
	fmt.Fprintf(out, "%+v\n%s\n", tally, tally.Odd(true))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}
