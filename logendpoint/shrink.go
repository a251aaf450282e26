package logendpoint

import (
	"unicode/utf8"

	"github.com/edgespan/edgespan/sdk/trace"
)

// cutter takes out of a span that is too large for a line by itself what is largest: attribute values, the ends of names and of the
// status first, then events and links. What a value takes in a line is known when it is gone, since escapes may make six bytes
// of one: hence a round for each time that it is encoded, with a bound that gets lower. The zero value is ready for another span.
type cutter struct {
	bound   int // what is smaller stays; 0 before the first round
	excess  int // about how many bytes have to go still
	dropped int // in this round
	total   int // in all of them
}

// lastBound is below the size of anything that can be cut. No round makes it lower, and there events and links go.
const lastBound = 1

// cut takes something out of the span that is the part of e, whose line is so many bytes too long. It reports whether there was
// anything left to take.
func (c *cutter) cut(e *Endpoint, excess int) bool {
	if c.bound == 0 {
		c.bound = len(e.buf)
		// All that changes is copied, for the span is the provider's. To make and copy is one call.
		spans := make([]trace.SpanData, 1)
		copy(spans, e.part.Spans)
		d := &spans[0]
		events := make([]trace.Event, len(d.Events))
		copy(events, d.Events)
		links := make([]trace.Link, len(d.Links))
		copy(links, d.Links)
		d.Events, d.Links, e.part.Spans = events, links, spans
	}
	d := &e.part.Spans[0]
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

// take reports whether what takes so many bytes goes, and counts it.
func (c *cutter) take(size int) bool {
	if size < c.bound || c.excess <= 0 {
		return false
	}
	c.excess -= size
	c.dropped++
	return true
}

// maxShortened is how much of a name or a description stays, since they cannot go.
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
	var kept []trace.Attribute // once one goes: most rounds take little
	for i := range list {
		a := &list[i]
		if c.take(len(a.Key) + a.Value.TextSize() + 40) { // for an attribute's punctuation
			*dropped++
			if kept == nil {
				kept = make([]trace.Attribute, len(list))
				n = copy(kept, list[:i])
			}
		} else if kept != nil {
			kept[n] = *a
			n++
		}
	}
	if kept != nil {
		*attrs = kept[:n]
	}
}

// dropLaterHalf drops the later half of the events and of the links, and returns how many that is.
func dropLaterHalf(d *trace.SpanData) int {
	events, links := len(d.Events)/2, len(d.Links)/2
	lessEvents, lessLinks := len(d.Events)-events, len(d.Links)-links
	d.DroppedEvents += uint32(lessEvents)
	d.DroppedLinks += uint32(lessLinks)
	d.Events, d.Links = d.Events[:events], d.Links[:links]
	return lessEvents + lessLinks
}
