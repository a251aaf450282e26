package ship

import "fmt"

// refused counts what lines hold for a signal, and takes note of it for whoever wants to have it. A line of one object is noted as it
// stands. Of an array those objects are that were refused: were it sent again as a whole, the others would arrive twice.
func (s *sender) refused(b *batch, signal int, lines []*line, items int) {
	s.deliveries(signal).Refused += items
	for _, l := range lines {
		for _, object := range l.parts[signal].objects {
			b.reject(l.asRead(object))
		}
	}
}

// writeRejects writes down what of a batch can not be delivered, a line each, with one Write.
func (c *Config) writeRejects(b *batch) error {
	if c.Rejects == nil || c.DryRun || len(b.rejects) == 0 {
		return nil
	}
	var text []byte // the rejects are parts of lines, and share their memory with what stands behind them
	for _, r := range b.rejects {
		text = append(append(text, r...), '\n')
	}
	if _, err := c.Rejects.Write(text); err != nil {
		return fmt.Errorf("what can not be delivered is not written down: %w", err)
	}
	return nil
}
