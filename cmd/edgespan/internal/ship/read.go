package ship

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// piece is a stream of lines: the pipe, or a file from the position to which it was read.
type piece struct {
	name   string
	file   *os.File // nil for the pipe
	text   io.Reader
	from   entry // where the text begins; only for a file that can be read again
	head   []byte
	named  bool // the file has the input's name, and may grow
	zipped bool
	final  bool // a last line without an end will not get one
}

// item is the result of reading one line.
type item struct {
	counts   Counts
	line     *line    // a line of telemetry
	broken   [][]byte // the parts of it that cannot be read
	text     string   // a line that is not telemetry, safe to print on a terminal
	notice   string
	position position // of the input, after the line
	err      error    // the input ends with this error
}

// read parses the lines of all inputs: concurrently if they are followed, otherwise one after another. It closes the channel after
// the last.
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

// input reads an input to its end. Of a file, it reads every file that has something new, one after another, and the file with the
// input's name last. Which file that is may change at any time, so it looks again each time.
func (r *reader) input() {
	if p := r.in.stream; p != nil {
		r.piece(*p)
		if p.file != nil {
			_ = p.file.Close()
		}
		return
	}
	defer r.in.close()
	for r.ctx.Err() == nil {
		began := time.Now()
		p, err := r.in.look(r.ctx, r.cfg.Console)
		if err != nil {
			r.put(item{err: err})
		}
		switch {
		case p != nil:
			r.in.reading.Store(p.file)
			ok := r.piece(*p)
			r.in.reading.Store(nil)
			r.in.past.Add(p.from.Size)
			r.in.hold(p)
			switch {
			case r.cfg.Follow && ok:
			case r.cfg.Follow: // what cannot be read now may be readable later
				inputs.Pause(r.ctx, inputs.PollInterval)
			case p.named || !ok && !p.zipped:
				return
			}
		case !r.cfg.Follow || !inputs.Pause(r.ctx, pauseAfter(time.Since(began))):
			return
		}
	}
}

// maxPause is the longest time between two looks.
const maxPause = 5 * time.Second

// pauseAfter returns how long to wait after a look that found nothing. A large folder takes long to look at, and should not keep a
// processor busy. But a look that took long because the machine was busy must not delay new lines for minutes.
func pauseAfter(look time.Duration) time.Duration {
	return min(max(inputs.PollInterval, 20*look), maxPause)
}

// piece reads a piece to its end, and tells whether that succeeded.
func (r *reader) piece(p piece) bool {
	s := newStream(p, r.in)
	lr := lines.NewReader(s)
	at := s.begin()
	defer func() { r.in.known = at.entries() }()
	var all Counts // of this piece
	for {
		var failed error
		text, err := lr.Next()
		it := item{counts: Counts{Lines: lr.TooLong, TooLong: lr.TooLong}}
		lr.TooLong = 0
		unfinished := false
		switch {
		case err != nil && err != io.EOF:
			failed = fmt.Errorf("%s: %w", p.name, err)
			if text := failed.Error(); text != r.in.told {
				r.in.told, it.err = text, failed
			}
		case err == nil:
			growing := lr.Torn && at.key != "" && !p.final && (r.cfg.Checkpoint != "" || r.cfg.Follow)
			if unfinished = !r.look(&it, text, p.name, lr.Number, growing); unfinished && !r.cfg.Follow {
				it.counts.Unfinished++
			}
		case p.file != nil && p.from.Offset == 0 && all.Other > 0 && all.Other == all.Lines && !r.cfg.Follow:
			it.counts.Foreign++
			it.notice = fmt.Sprintf("%s: no telemetry in this file", p.name)
		}
		all.add(&it.counts)
		if err == nil && !unfinished {
			at = s.position(lr)
		} else {
			at.read, at.torn = err == nil || err == io.EOF || p.zipped, unfinished // otherwise another run may still read it
		}
		it.position = at
		if !r.put(it) || err != nil || unfinished {
			return failed == nil
		}
	}
}

// look parses a line and tells whether it did. It leaves a line alone that may still be being written, unless the line is complete:
// half an object is not JSON.
func (r *reader) look(it *item, text []byte, name string, number int, growing bool) bool {
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
		it.line = newLine(name, number, text, &record)
		it.counts.Telemetry++
	}
	if len(record.Unread) > 0 {
		it.counts.Broken += len(record.Unread)
		it.broken = record.Unread
		it.notice = fmt.Sprintf("%s:%d: %v", name, number, record.Err)
	}
	return true
}

// maxShown is how many bytes of a line of text are shown.
const maxShown = 2000
