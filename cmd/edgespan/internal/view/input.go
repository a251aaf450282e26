package view

import (
	"context"
	"io"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// item is a line, looked at.
type item struct {
	input   string
	number  int
	record  lines.Record
	raw     []byte // the telemetry, where it is wanted
	text    string // of a line that is none, fit to be shown
	tooLong int    // lines before this one that were left out
	end     bool   // there is no line: the input is at its end
	err     error  // of the input, which ends with it
}

// ahead is how many lines may wait to be added. Each may be long.
const ahead = 8

// maxShown bounds what is shown of a line of text.
const maxShown = 2000

// read parses the lines of all inputs: live ones at the same time, others one after another, so that the same files give
// the same output. The channel is closed after the last, or when ctx ends.
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
