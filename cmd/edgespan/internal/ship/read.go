package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// input is a file, or the pipe.
type input struct {
	name   string
	key    string  // in the checkpoint; empty for what can not be read again
	at     entry   // where it is, at the beginning of the piece that is read
	pieces []piece // what is to be read, one after the other
}

// piece is a stream of lines from where it stands.
type piece struct {
	file   *os.File // nil for the pipe
	text   io.Reader
	at     int64  // where that is in the text
	head   []byte // the beginning of the text, as far as it is known
	last   bool   // the file has the input's name, and may grow
	zipped bool
}

// item is a line, looked at.
type item struct {
	counts   Counts
	line     *line    // of telemetry
	broken   [][]byte // what can not be read of it
	text     string   // of a line that is no telemetry, fit to be shown
	notice   string
	position position // where the input is after it
	err      error    // of the input, which ends with it
}

// read parses the lines of all inputs: at the same time where they are followed, else one after another. The channel is closed after the last.
func read(ctx context.Context, cfg *Config, all []*input) <-chan item {
	items := make(chan item)
	inputs.Each(all, cfg.Follow, func(in *input) {
		r := &reader{ctx: ctx, cfg: cfg, in: in, items: items}
		r.input()
	}, func() { close(items) })
	return items
}

// reader reads one input.
type reader struct {
	ctx   context.Context
	cfg   *Config
	in    *input
	items chan<- item
}

func (r *reader) put(it item) bool {
	select {
	case r.items <- it:
		return true
	case <-r.ctx.Done():
		return false
	}
}

// input reads the pieces, and what comes after a file that is followed and was rotated.
func (r *reader) input() {
	pieces := r.in.pieces
	defer func() { closeAll(pieces) }()
	for len(pieces) > 0 {
		before := r.in.at
		tail := r.piece(pieces[0])
		pieces = pieces[1:]
		over := tail != nil && tail.Over
		if !over && (len(pieces) == 0 || r.in.at == before) || r.ctx.Err() != nil {
			continue
		}
		// What comes next may have been rotated, or cut short, while this was read.
		f, err := inputs.Reopen(r.ctx, r.in.name)
		if err != nil {
			return // it is stopped
		}
		next, err := r.in.rest(r.ctx, r.cfg, f, over && tail.Cut)
		switch {
		case errors.Is(err, ErrStopped):
			return
		case err != nil:
			r.put(item{err: err})
			return
		case over || next[0].at == r.in.at.Offset:
			pieces, next = next, pieces
		}
		closeAll(next)
	}
}

// piece reads one, and returns the Tail of a file that is followed.
func (r *reader) piece(p piece) (tail *inputs.Tail) {
	s := newStream(p)
	if p.file != nil {
		defer p.file.Close()
	}
	over := func() bool { return tail != nil && tail.Over }
	if r.cfg.Follow && p.last && !p.zipped {
		tail = inputs.NewTail(r.ctx, r.in.name, p.file)
		s.r = tail
	}
	lr := lines.NewReader(s)
	var at position // where it is
	defer func() {
		if at.key != "" {
			r.in.at = entryOf(&at)
		}
	}()
	var all Counts // of the piece
	for {
		text, err := lr.Next()
		it := item{counts: Counts{Lines: lr.TooLong, TooLong: lr.TooLong}}
		lr.TooLong = 0
		unfinished := false
		switch {
		case err != nil && err != io.EOF:
			it.err = fmt.Errorf("%s: %w", r.in.name, err)
		case err == nil:
			growing := lr.Torn && p.last && r.in.key != "" && (r.cfg.Checkpoint != "" || over())
			if unfinished = !r.look(&it, text, lr.Number, growing); unfinished && !over() {
				it.counts.Unfinished++
			}
		case p.file != nil && p.at == 0 && all.Other > 0 && all.Other == all.Lines && !over():
			it.counts.Foreign++
			it.notice = fmt.Sprintf("%s: there is no telemetry in it", r.in.name)
		}
		all.add(&it.counts)
		if !unfinished && it.err == nil && r.in.key != "" {
			if err == nil {
				at = s.position(r.in.key, lr)
			}
			if it.position = at; err == io.EOF {
				it.position.whole = p.zipped
			}
		}
		if (err == io.EOF && it.counts == Counts{} && !it.position.whole) || !r.put(it) || err != nil || unfinished {
			return tail
		}
	}
}

// look finds out what a line is, and tells whether it did. One that may still be being written is left alone unless it is whole: half an
// object is no JSON.
func (r *reader) look(it *item, text []byte, number int, growing bool) bool {
	text = bytes.Clone(text)
	record := lines.Parse(text)
	if growing && record.Kind != lines.Spans && record.Kind != lines.Logs {
		return false
	}
	it.counts.Lines++
	switch record.Kind {
	case lines.Text:
		it.counts.Other++
		if r.cfg.Text != nil {
			it.text = safetext.CleanLine(string(text[:min(len(text), maxShown)]))
		}
	case lines.Spans, lines.Logs:
		it.line = newLine(r.in.name, number, text, &record)
		it.counts.Telemetry++
	}
	if len(record.Unread) > 0 {
		it.counts.Broken += len(record.Unread)
		it.broken = record.Unread
		it.notice = fmt.Sprintf("%s:%d: %v", r.in.name, number, record.Err)
	}
	return true
}

// maxShown bounds what is shown of a line of text.
const maxShown = 2000
