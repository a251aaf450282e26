// Command size builds the same handler with and without tracing, for Fastly Compute and Cloudflare Workers, and the browser's
// wasm. It prints how much tracing adds to the binary.
//
//	go run ./bench/size
//
// TinyGo and wasm-opt are used if they are on PATH. To add a row, add a directory below handlers and an entry in rows; if the
// handler is the traced one with a few more lines, add an entry in features instead.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/edgespan/edgespan/bench/internal/handler"
)

// row is a handler, and the handler with which it is compared.
type row struct {
	handler, base string
	what          string
	program       *program // the source, for a handler without a directory
}

var rows = []row{
	{handler: "untraced", what: "a handler"},
	{handler: "traced", base: "untraced", what: "+ Edgespan"},
	{handler: "byhand", base: "untraced", what: "+ a line by encoding/json"},
	{handler: "opentelemetry", base: "untraced", what: "+ OpenTelemetry SDK, stdouttrace"},
	{handler: "untraced-backend", what: "a handler that asks a backend"},
	{handler: "traced-backend", base: "untraced-backend", what: "+ Edgespan"},
	{handler: "many", what: "a traced handler in a sandbox for many requests"},
	{handler: "batched", base: "many", what: "+ several traces to a line"},
	{handler: "remoteconfig", base: "traced", what: "the traced handler + remoteconfig"},
	{handler: "slog", base: "traced", what: "the traced handler + log/slog in its trace"},
}

// bars are the limits of what the row "traced" may add. There may be none.
type bars struct{ raw, gzip int }

// compiler builds a package as a stripped wasm binary.
type compiler struct {
	name  string
	build func(out, name string) error
	bars  bars
}

var compilers = []compiler{
	{"Go", handler.Go, bars{100_000, 25_000}},
	{"TinyGo", handler.TinyGo, bars{60_000, 20_000}},
	{"TinyGo, told that host calls return (scripts/wasm-opt-tinygo.sh)", handler.TinyGoTold, bars{}},
}

// sizes are the sizes of a binary in bytes. A size is -1 if the tool for it is missing.
type sizes struct{ raw, rawGzip, opt, optGzip int }

func main() {
	dir, err := os.MkdirTemp("", "edgespan-size-")
	check(err)
	defer func() { _ = os.RemoveAll(dir) }()
	_, noOpt := exec.LookPath("wasm-opt")
	for _, c := range compilers {
		if c.name != "Go" {
			if _, err := exec.LookPath("tinygo"); err != nil {
				fmt.Println("\nTinyGo: not measured, there is no tinygo on PATH.")
				break
			}
		}
		all := rows
		if c.name == "Go" { // TinyGo would take a quarter of an hour for them
			all = slices.Concat(append([][]row{rows}, features...)...)
		}
		table(c, all, dir, noOpt == nil)
	}
	_, noTiny := exec.LookPath("tinygo")
	browser(dir, noTiny == nil, noOpt == nil)
	workers(dir, noTiny == nil, noOpt == nil)
	if noOpt != nil {
		fmt.Println("\nwasm-opt -Oz: not measured, there is no wasm-opt on PATH.")
	}
}

// newTable returns a table with the header of the sizes.
func newTable(opt bool) *tabwriter.Writer {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "raw\tgzip -9\t")
	if opt {
		fmt.Fprint(w, "wasm-opt -Oz\tgzip -9\t")
	}
	fmt.Fprintln(w, "  ")
	return w
}

// table builds all rows with one compiler and prints their sizes: the absolute sizes of bases, and what the others add to their
// base.
func table(c compiler, rows []row, dir string, opt bool) {
	fmt.Printf("\n%s, stripped: bytes, and for a line with + what it adds\n\n", c.name)
	w := newTable(opt)
	measured := map[string]sizes{}
	var verdict string
	for _, r := range rows {
		name, err := r.handler, error(nil)
		if r.program != nil {
			name, err = r.program.write(dir, r.handler)
			check(err)
		}
		s, err := measure(c, filepath.Join(dir, r.handler+".wasm"), name, opt)
		if err != nil {
			fmt.Fprintf(w, "-\t-\t  %s: does not build: %v\n", r.what, err)
			continue
		}
		measured[r.handler] = s
		base, shown := sizes{}, grouped
		if r.base != "" {
			base, shown = measured[r.base], added
		}
		fmt.Fprintf(w, "%s\t%s\t", shown(s.raw-base.raw), shown(s.rawGzip-base.rawGzip))
		if opt {
			fmt.Fprintf(w, "%s\t%s\t", shown(s.opt-base.opt), shown(s.optGzip-base.optGzip))
		}
		fmt.Fprintf(w, "  %s\n", r.what)
		if r.handler == "traced" && c.bars != (bars{}) {
			verdict = bar("raw", s.raw-base.raw, c.bars.raw) + bar("gzipped", s.rawGzip-base.rawGzip, c.bars.gzip)
		}
	}
	check(w.Flush())
	if verdict != "" {
		fmt.Print("\n", verdict)
	}
}

func bar(what string, value, limit int) string {
	word := "met"
	if value > limit {
		word = "NOT MET"
	}
	return fmt.Sprintf("Edgespan, %-8s %8s  (≤ %s)  %s\n", what, grouped(value), grouped(limit), word)
}

func measure(c compiler, out, name string, opt bool) (s sizes, err error) {
	if err := c.build(out, name); err != nil {
		return s, err
	}
	if s.raw, s.rawGzip, err = sizeOf(out); err != nil || !opt {
		return s, err
	}
	small := out + ".opt"
	if text, err := exec.Command("wasm-opt", "-Oz", "--strip-producers", "--strip-target-features", "--enable-bulk-memory", "--enable-mutable-globals", "--enable-nontrapping-float-to-int", "--enable-sign-ext", "-o", small, out).CombinedOutput(); err != nil {
		return s, fmt.Errorf("wasm-opt: %w\n%s", err, text)
	}
	s.opt, s.optGzip, err = sizeOf(small)
	return s, err
}

// sizeOf returns the size of a file, and its size after gzip -9.
func sizeOf(path string) (raw, zipped int, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, err
	}
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return 0, 0, err
	}
	if _, err := z.Write(data); err != nil {
		return 0, 0, err
	}
	if err := z.Close(); err != nil {
		return 0, 0, err
	}
	return len(data), buf.Len(), nil
}

// grouped formats a number with a comma before every third digit from the right.
func grouped(n int) string {
	s, sign := fmt.Sprint(n), ""
	if n < 0 {
		s, sign = s[1:], "-"
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// added formats what a program has more than another. gzip may make the larger one smaller.
func added(n int) string {
	if n < 0 {
		return grouped(n)
	}
	return "+" + grouped(n)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "size:", err)
		os.Exit(1)
	}
}
