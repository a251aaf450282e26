package slogspan

import (
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
)

// line is a line that is not written yet: the prefix and records, each with a separator after it.
type line struct {
	buf     []byte
	records int
	since   time.Time // when the first record arrived
	next    *line     // the next line in a queue
}

// queue is a linked list of lines, in the order in which they are written. It allocates nothing.
type queue struct{ first, last *line }

func (q *queue) push(l *line) {
	if q.first == nil {
		q.first = l
	} else {
		q.last.next = l
	}
	q.last = l
}

// write writes lines, reports errors, and returns the first error.
func (o *output) write(ready queue) (failed error) {
	for l := ready.first; l != nil; {
		next := l.next
		if err := o.writeLine(l); err != nil {
			o.report(err)
			if failed == nil {
				failed = err
			}
		}
		o.recycle(l)
		l = next
	}
	return failed
}

// writeLine completes a line and writes it, with one Write, or with one for each record if records are lines.
func (o *output) writeLine(l *line) (failed error) {
	if o.suffix != "" {
		l.buf = append(append(l.buf[:len(l.buf)-1], o.suffix...), '\n')
		return o.writeOnce(l.buf, l.records)
	}
	for rest := l.buf; len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n') + 1
		if err := o.writeOnce(rest[:n], 1); err != nil && failed == nil {
			failed = err
		}
		rest = rest[n:]
	}
	return failed
}

// writeOnce calls the user's writer. A panic in it becomes an error.
func (o *output) writeOnce(text []byte, records int) (err error) {
	o.writing.Lock()
	defer func() {
		if v := recover(); v != nil {
			err = panicked("Write", v)
		}
		o.writing.Unlock()
		if err != nil {
			o.stats.droppedRecords.Add(uint64(records))
			return
		}
		o.stats.lines.Add(1)
		o.stats.bytes.Add(uint64(len(text) - 1))
		o.stats.records.Add(uint64(records))
	}()
	n, err := o.w.Write(text)
	if err == nil && n < len(text) {
		err = io.ErrShortWrite
	}
	return err
}

func panicked(where string, value any) error {
	return errors.New("slogspan: panic in " + where + ": " + fault.Message(value))
}
