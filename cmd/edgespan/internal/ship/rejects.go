package ship

import "fmt"

// refused counts what lines hold for a signal, which is refused, and keeps it.
func (s *sender) refused(b *batch, signal int, lines []*line, items int) {
	s.deliveries(signal).Refused += items
	keep(b, signal, lines)
}

// rejected counts what the receiver has left out of a request that it took. It tells a number and no more
// (https://opentelemetry.io/docs/specs/otlp/#partial-success-1): all of them can be kept, and of some it can't be known which they are. To
// ask again with a part of the request would deliver what was taken twice.
func (s *sender) rejected(b *batch, signal int, lines []*line, items int, a *answer) {
	s.sum.say(a.message)
	if a.rejected == 0 {
		return
	}
	d := s.deliveries(signal)
	d.Rejected += a.rejected
	text := fmt.Sprintf("%s accepted a request but rejected %s of its %s %ss", s.target(signal).name(), Number(a.rejected), Number(items), signals[signal].items)
	if a.rejected == items {
		keep(b, signal, lines)
	} else {
		d.Unnamed += a.rejected
		text += ", and did not say which"
	}
	if a.message != "" {
		text += ": " + a.message
	}
	switch s.rejections++; {
	case s.rejections == maxNotices:
		text += " (further ones are only counted, in the summary)"
		fallthrough
	case s.rejections < maxNotices:
		s.Console.Note(text)
	}
}

// keep takes note of what lines hold for a signal, for whoever wants to have it. A line of one object is noted as it stands. Of an array
// those objects are that were refused: were it sent again as a whole, the others would arrive twice.
func keep(b *batch, signal int, lines []*line) {
	for _, l := range lines {
		for _, object := range l.parts[signal].objects {
			b.reject(l.asRead(object))
		}
	}
}

// writeRejects writes down what of a batch cannot be delivered, a line each, with one Write.
func (c *Config) writeRejects(b *batch) error {
	if c.Rejects == nil || c.DryRun || len(b.rejects) == 0 {
		return nil
	}
	var text []byte // the rejects are parts of lines, and share their memory with what stands behind them
	for _, r := range b.rejects {
		text = append(append(text, r...), '\n')
	}
	if _, err := c.Rejects.Write(text); err != nil {
		return fmt.Errorf("cannot write undelivered lines to the --rejects file: %w", err)
	}
	return nil
}
