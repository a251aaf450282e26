package logendpoint

import (
	"unicode/utf8"

	"github.com/edgespan/edgespan/sdk/trace"
)

// cutter shortens a span that is too long for a line by itself. It drops the largest parts first: attribute values, and the
// ends of names and of the status description. If nothing of these is left, it drops events and links. It changes the span in
// the batch, as an exporter may.
//
// How many bytes a value takes in a line is known only after it has been encoded, since an escape can make six bytes of one. So
// cutter works in rounds. After each, the span is encoded again, and the next round drops smaller parts too. The zero value is
// ready for the next span.
type cutter struct {
	bound   int // smaller parts stay; 0 before the first round
	excess  int // about how many bytes are still to be dropped
	dropped int // parts dropped in this round
	total   int // parts dropped in all rounds
}

// lastBound is less than the size of anything that can be dropped. When the bound has reached it, events and links are dropped.
const lastBound = 1

// cut drops parts of d, whose line has size bytes, excess of them too many. It returns false if nothing is left that can be
// dropped.
func (c *cutter) cut(d *trace.SpanData, size, excess int) bool {
	if c.bound == 0 {
		c.bound = size
	}
	c.excess, c.dropped = excess, 0
	for more := true; more; more = c.dropped == 0 && c.bound > lastBound {
		if c.bound > lastBound {
			c.bound -= (c.bound + 7) / 8
		}
		c.text(&d.Name)
		c.text(&d.Status.Description)
		c.list(&d.Attributes, &d.DroppedAttributes)
		for i := range d.Events {
			v := &d.Events[i]
			c.text(&v.Name)
			c.list(&v.Attributes, &v.DroppedAttributes)
		}
		for i := range d.Links {
			c.list(&d.Links[i].Attributes, &d.Links[i].DroppedAttributes)
		}
	}
	if c.dropped == 0 {
		c.dropped = dropLaterHalf(d)
	}
	c.total += c.dropped
	return c.dropped > 0
}

// take reports whether a part of this size is dropped, and counts it.
func (c *cutter) take(size int) bool {
	if size < c.bound || c.excess <= 0 {
		return false
	}
	c.excess -= size
	c.dropped++
	return true
}

// maxShortened is how many bytes of a name or description are kept, since these cannot be dropped entirely.
const maxShortened = 256

//go:noinline
func (c *cutter) text(s *string) {
	if c.take(len(*s) - maxShortened) {
		n := maxShortened
		for n > maxShortened-utf8.UTFMax && !utf8.RuneStart((*s)[n]) {
			n--
		}
		*s = (*s)[:n]
	}
}

//go:noinline
func (c *cutter) list(attrs *[]trace.Attribute, dropped *uint32) {
	list, n := *attrs, 0
	for i := range list {
		a := &list[i]
		if c.take(len(a.Key) + a.Value.TextSize() + 40) { // 40 bytes for an attribute's punctuation
			*dropped++
		} else {
			list[n] = *a
			n++
		}
	}
	*attrs = list[:n]
}

// dropLaterHalf drops the later half of the events and of the links, and returns how many it has dropped.
func dropLaterHalf(d *trace.SpanData) int {
	events, links := len(d.Events)/2, len(d.Links)/2
	lessEvents, lessLinks := len(d.Events)-events, len(d.Links)-links
	d.DroppedEvents += uint32(lessEvents)
	d.DroppedLinks += uint32(lessLinks)
	d.Events, d.Links = d.Events[:events], d.Links[:links]
	return lessEvents + lessLinks
}
