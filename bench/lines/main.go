// Command lines prints the size of a service's log lines: the bytes per request in each format, raw and compressed as Fastly's
// endpoints compress. Use it to estimate traffic, storage and the size of topics (docs/capacity.md).
//
//	edgespan serve > lines.txt          # and send requests like those in production
//	go run ./bench/lines lines.txt
//
// It reads OTLP lines from files or from standard input, as a log endpoint delivers them or the local host prints them. It
// counts other lines and skips them.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "lines:", err)
		os.Exit(1)
	}
}

func run(files []string, in io.Reader, out io.Writer) error {
	for i, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		if i == 0 {
			in = f
		} else {
			in = io.MultiReader(in, strings.NewReader("\n"), f) // in case the last line of the previous file has no newline
		}
	}
	requests, others, err := read(in)
	if err != nil {
		return err
	}
	if len(requests) == 0 {
		return fmt.Errorf("no OTLP line among %d", others)
	}
	return report(out, requests, others)
}

// read returns one batch per line, and the number of lines that are not OTLP.
func read(in io.Reader) (requests []trace.Batch, others int, err error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if i := bytes.IndexByte(line, '{'); i > 0 { // a local host's prefix, such as "otlp_logs :: "
			line = line[i:]
		}
		batches, err := otlp.Decode(line)
		if err != nil || len(batches) == 0 {
			others++
			continue
		}
		requests = append(requests, batches...)
	}
	return requests, others, lines.Err()
}

var formats = []struct {
	name   string
	append func(dst []byte, b *trace.Batch) []byte
}{
	{"otlp", func(dst []byte, b *trace.Batch) []byte { return new(otlp.Encoder).Append(dst, b) }},
	{"compact", compact.Append},
	{"honeycomb", compact.AppendHoneycomb},
	{"bigquery", compact.AppendBigQuery},
}

// gzip -3 is Fastly's default level. Snappy and zstd use the defaults of klauspost/compress.
var codecs = []struct {
	name     string
	compress func([]byte) (int, error)
}{
	{"raw", func(b []byte) (int, error) { return len(b), nil }},
	{"snappy", func(b []byte) (int, error) { return len(snappy.Encode(nil, b)), nil }},
	{"gzip -3", func(b []byte) (int, error) {
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, 3)
		if err == nil {
			_, err = w.Write(b)
		}
		if err == nil {
			err = w.Close()
		}
		return out.Len(), err
	}},
	{"zstd", func(b []byte) (int, error) {
		w, err := zstd.NewWriter(nil)
		if err != nil {
			return 0, err
		}
		return len(w.EncodeAll(b, nil)), nil
	}},
}

func report(out io.Writer, requests []trace.Batch, others int) error {
	spans := 0
	for i := range requests {
		spans += len(requests[i].Spans)
	}
	n := float64(len(requests))
	fmt.Fprintf(out, "%d requests, %.1f spans each; %d other lines\n\nbytes a request\n\n", len(requests), float64(spans)/n, others)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "format\tlines together\t")
	for _, codec := range codecs {
		fmt.Fprintf(table, "%s\t", codec.name)
	}
	fmt.Fprintln(table)
	for _, format := range formats {
		for _, together := range []int{1, 100, 1000} {
			fmt.Fprintf(table, "%s\t%d\t", format.name, together)
			for _, codec := range codecs {
				total := 0
				for some := range slices.Chunk(requests, together) {
					size, err := codec.compress(body(some, format.append))
					if err != nil {
						return err
					}
					total += size
				}
				fmt.Fprintf(table, "%.0f\t", float64(total)/n)
			}
			fmt.Fprintln(table)
		}
	}
	return table.Flush()
}

// body returns the lines of requests.
func body(requests []trace.Batch, format func(dst []byte, b *trace.Batch) []byte) (lines []byte) {
	for i := range requests {
		lines = append(bytes.TrimSpace(format(lines, &requests[i])), '\n')
	}
	return lines
}
