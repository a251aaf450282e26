package view

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"sync"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// Input is a stream of lines.
type Input struct {
	Name   string
	Reader io.ReadCloser
}

// OpenFiles opens files to be read once. What can not be opened is an error for its name; the others are there.
func OpenFiles(names []string) (inputs []Input, errs []error) {
	for _, name := range names {
		f, err := os.Open(name)
		if err == nil {
			var info os.FileInfo
			if info, err = f.Stat(); err == nil && info.IsDir() {
				err = &os.PathError{Op: "read", Path: name, Err: errIsDir}
			}
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		inputs = append(inputs, Input{name, f})
	}
	return inputs, errs
}

// item is a line, looked at.
type item struct {
	input   string
	number  int
	record  lines.Record
	raw     []byte // the telemetry, where it is wanted
	text    string // of a line that is none, fit to be shown
	tooLong int    // lines before this one that were left out
	err     error  // of the input, which ends with it
}

// ahead is how many lines may wait to be added. Each may be long.
const ahead = 8

// maxShown bounds what is shown of a line of text.
const maxShown = 2000

// read parses the lines of all inputs: live ones at the same time, others one after another, so that the same files give
// the same output. The channel is closed after the last, or when ctx ends.
func read(ctx context.Context, inputs []Input, live, raw bool) <-chan item {
	items := make(chan item, ahead)
	var readers sync.WaitGroup
	one := func(in Input) {
		defer in.Reader.Close()
		readInput(ctx, in, raw, items)
	}
	if live {
		for _, in := range inputs {
			readers.Go(func() { one(in) })
		}
	} else {
		readers.Go(func() {
			for _, in := range inputs {
				one(in)
			}
		})
	}
	go func() {
		readers.Wait()
		close(items)
	}()
	return items
}

// gzipMark is how a gzip file begins. Log services compress what they store.
var gzipMark = []byte{0x1f, 0x8b}

// unzip returns r's text, whether it is compressed or not.
func unzip(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	if head, _ := buffered.Peek(len(gzipMark)); !bytes.Equal(head, gzipMark) {
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}

func readInput(ctx context.Context, in Input, raw bool, items chan<- item) {
	text, err := unzip(in.Reader)
	if err != nil {
		select {
		case items <- item{input: in.Name, err: err}:
		case <-ctx.Done():
		}
		return
	}
	r := lines.NewReader(text)
	for number := 1; ; number++ {
		line, err := r.Next()
		it := item{input: in.Name, number: number, tooLong: r.TooLong}
		number += r.TooLong
		r.TooLong = 0
		switch {
		case err == io.EOF && it.tooLong == 0:
			return
		case err != nil && err != io.EOF:
			it.err = err
		case err == nil:
			it.record = lines.Parse(line)
			it.number = number
			switch it.record.Kind {
			case lines.Text:
				it.text = shown(line)
			case lines.Spans, lines.Logs:
				if raw {
					it.raw = joinObjects(it.record.Objects)
				}
			}
		}
		select {
		case items <- it:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// joinObjects returns the telemetry of a line by itself: a line, or one for each element of an array.
func joinObjects(objects []lines.Object) []byte {
	var text []byte
	for i, o := range objects {
		if i > 0 {
			text = append(text, '\n')
		}
		text = append(text, o.Text...)
	}
	return text
}

func shown(line []byte) string {
	cut := ""
	if len(line) > maxShown {
		line, cut = line[:maxShown], " ..."
	}
	return safetext.CleanLine(string(line)) + cut
}
