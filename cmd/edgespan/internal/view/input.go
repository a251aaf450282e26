package view

import (
	"context"
	"io"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// item is the result of reading one line.
type item struct {
	input   string
	number  int
	record  lines.Record
	raw     []byte // the telemetry, if it is to be kept
	text    string // a line that is not telemetry, safe to print on a terminal
	tooLong int    // lines before this one that were left out
	end     bool   // no line: this is the end of the input
	err     error  // the input ends with this error
}

// ahead is how many lines may wait to be added. Each may be long.
const ahead = 8

// maxShown is how many bytes of a line of text are shown.
const maxShown = 2000

// read parses the lines of all inputs: concurrently if they are live, otherwise one after another, so that the same files give the
// same output. It closes the channel after the last line, or when ctx ends.
func read(ctx context.Context, all []inputs.Input, live, raw bool) <-chan item {
	items := make(chan item, ahead)
	inputs.Each(all, live, func(in inputs.Input) {
		defer in.Reader.Close()
		readInput(ctx, in, raw, items)
	}, func() { close(items) })
	return items
}

func readInput(ctx context.Context, in inputs.Input, raw bool, items chan<- item) {
	text, err := inputs.Unzip(in.Reader)
	if err != nil {
		select {
		case items <- item{input: in.Name, err: err}:
		case <-ctx.Done():
		}
		return
	}
	r := lines.NewReader(text)
	for {
		line, err := r.Next()
		it := item{input: in.Name, number: r.Number, tooLong: r.TooLong}
		r.TooLong = 0
		switch {
		case err == io.EOF && it.tooLong == 0:
			return
		case err == io.EOF:
			it.end = true
		case err != nil:
			it.err = err
		default:
			it.record = lines.Parse(line)
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

// joinObjects returns the telemetry of a line without other text: one line, or one for each element of an array.
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
