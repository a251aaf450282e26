package logendpoint

import (
	"unicode/utf8"

	"github.com/edgespan/edgespan/sdk/trace"
)

// shrink encodes a span that is too large for a line by itself into the buffer with less in it: without its largest
// attribute values, names and status first, then without events and links. It reports whether the rest fits.
func (e *Endpoint) shrink(d *trace.SpanData) bool {
	e.part.Spans = []trace.SpanData{*d}
	s := &e.part.Spans[0] // all that changes is copied, for the span is the provider's
	s.Events = append([]trace.Event(nil), d.Events...)
	s.Links = append([]trace.Link(nil), d.Links...)
	// What a value takes in a line is known when it is gone, since escapes may make six bytes of one: hence the loop.
	for !e.fits() {
		var c cutter
		c.span(s)
		c.enough, c.excess = c.largest-c.largest/8, len(e.buf)-e.limit
		c.span(s)
		dropped := c.dropped
		if dropped == 0 {
			dropped = dropEvents(s)
		}
		if dropped == 0 {
			return false
		}
		e.stats.DroppedValues += uint64(dropped)
		e.encode()
	}
	return true
}

// maxShortened is how much of a name or a description stays, since they cannot go.
const maxShortened = 256

// cutter goes over a span twice. The first time, with enough still zero, it looks for the largest value. The second time it
// drops attributes, and shortens names and the status: the largest, and what is within an eighth of it, until about excess
// bytes are gone. It leaves the smaller ones to the next round, which knows better what is still too much.
type cutter struct {
	largest, enough, excess, dropped int
}

func (c *cutter) span(d *trace.SpanData) {
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

// cuts reports whether what takes so many bytes has to go.
//
//go:noinline
func (c *cutter) cuts(size int) bool {
	if c.enough == 0 {
		c.largest = max(c.largest, size)
		return false
	}
	if c.excess <= 0 || size < c.enough {
		return false
	}
	c.excess -= size
	c.dropped++
	return true
}

//go:noinline
func (c *cutter) text(s *string) {
	if c.cuts(len(*s) - maxShortened) {
		n := maxShortened
		for n > maxShortened-utf8.UTFMax && !utf8.RuneStart((*s)[n]) {
			n--
		}
		*s = (*s)[:n]
	}
}

//go:noinline
func (c *cutter) list(attrs *[]trace.Attribute, dropped *uint32) {
	var kept []trace.Attribute
	for i := range *attrs {
		a := &(*attrs)[i]
		switch { // the constant stands for an attribute's punctuation
		case c.cuts(len(a.Key) + a.Value.TextSize() + 40):
			*dropped++
		case c.enough > 0:
			kept = append(kept, *a)
		}
	}
	if c.enough > 0 {
		*attrs = kept
	}
}

// dropEvents drops the later half of the events and of the links, and returns how many that is.
func dropEvents(d *trace.SpanData) int {
	events, links := len(d.Events)/2, len(d.Links)/2
	lessEvents, lessLinks := len(d.Events)-events, len(d.Links)-links
	d.DroppedEvents += uint32(lessEvents)
	d.DroppedLinks += uint32(lessLinks)
	d.Events, d.Links = d.Events[:events], d.Links[:links]
	return lessEvents + lessLinks
}
