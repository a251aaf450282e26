package ship

import "fmt"

// refused counts and keeps the items of lines that are refused for a signal.
func (s *sender) refused(b *batch, signal int, lines []*line, items int) {
	s.deliveries(signal).Refused += items
	keep(b, signal, lines)
}

// rejected counts the items that the receiver rejected from a request that it accepted. The receiver says only how many
// (https://opentelemetry.io/docs/specs/otlp/#partial-success-1). If it rejected all, they are kept. If it rejected some, nobody
// knows which, and sending a part of the request again would deliver the accepted ones twice.
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

// keep keeps the content of lines for a signal, to be written to the rejects. A line of one object is kept unchanged. Of an array,
// only the refused objects are kept: if the whole array were sent again, the others would arrive twice.
func keep(b *batch, signal int, lines []*line) {
	for _, l := range lines {
		for _, object := range l.parts[signal].objects {
			b.reject(l.asRead(object))
		}
	}
}

// writeRejects writes what cannot be delivered of a batch, one line each, with one Write.
func (c *Config) writeRejects(b *batch) error {
	if c.Rejects == nil || c.DryRun || len(b.rejects) == 0 {
		return nil
	}
	var text []byte // a new slice: the rejects are parts of lines, so appending to one would overwrite the text behind it
	for _, r := range b.rejects {
		text = append(append(text, r...), '\n')
	}
	if _, err := c.Rejects.Write(text); err != nil {
		return fmt.Errorf("cannot write undelivered lines to the --rejects file: %w", err)
	}
	return nil
}
