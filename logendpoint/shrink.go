package logendpoint

import (
	"unicode/utf8"

	"github.com/edgespan/edgespan/sdk/trace"
)

// cutter shortens a span that is too long for a line by itself. It drops the largest parts first: attribute values, and the
// ends of names and of the status description. If none of these is large any more, it drops the last events and links. The
// small attributes go last, because they are what people search by: the method, the route, the status. It changes the span in
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

// The bound ends at smallPart while the span has events or links, and then at lastBound, which is less than the size of anything
// that can be dropped.
const (
	smallPart = 256
	lastBound = 1
)

// cut drops parts of d, whose line has size bytes, excess of them too many. It returns false if nothing is left that can be
// dropped.
func (c *cutter) cut(d *trace.SpanData, size, excess int) bool {
	if c.bound == 0 {
		c.bound = size
	}
	c.excess, c.dropped = excess, 0
	last := lastBound
	if len(d.Events)+len(d.Links) > 0 {
		last = smallPart
	}
	for more := true; more; more = c.dropped == 0 && c.bound > last {
		c.bound = max(last, c.bound-(c.bound+7)/8)
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
		c.dropped = dropLast(d)
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

// dropLast drops the last eighth of the events and of the links, and returns how many it has dropped. Exceptions stay as long as
// there is another event, because the error that ended a span is usually its last event.
func dropLast(d *trace.SpanData) int {
	others := 0
	for i := range d.Events {
		if d.Events[i].Name != trace.ExceptionEvent {
			others++
		}
	}
	room := others * 7 / 8
	if others == 0 {
		room = len(d.Events) * 7 / 8
	}
	events, links := 0, len(d.Links)*7/8
	for i := range d.Events {
		if others == 0 || d.Events[i].Name != trace.ExceptionEvent {
			if room == 0 {
				continue
			}
			room--
		}
		d.Events[events] = d.Events[i]
		events++
	}
	lessEvents, lessLinks := len(d.Events)-events, len(d.Links)-links
	d.DroppedEvents += uint32(lessEvents)
	d.DroppedLinks += uint32(lessLinks)
	d.Events, d.Links = d.Events[:events], d.Links[:links]
	return lessEvents + lessLinks
}
