package logendpoint

import "github.com/edgespan/edgespan/sdk/trace"

// shrink encodes a span that is too large for a line by itself into the buffer with less in it: without its largest
// attribute values, names and status first, then without events and links.
func (e *Endpoint) shrink(r *trace.Resource, d *trace.SpanData) error {
	small := d.Clone()
	e.part = trace.Batch{Resource: r, Spans: []trace.SpanData{small}}
	s := &e.part.Spans[0]
	for _, step := range []func(*trace.SpanData, int) uint64{dropLargest, dropEvents} {
		// What a value takes in a line is known when it is gone, since escapes may make six bytes of one: hence the loop.
		for !e.fits() {
			n := step(s, len(e.buf)-e.limit)
			if n == 0 {
				break
			}
			e.stats.DroppedValues += n
			e.buf = e.format(e.buf[:0], &e.part)
		}
		if e.fits() {
			return nil
		}
	}
	return errTooLarge
}

// maxShortened is how much of a name or a description stays, since they cannot go.
const maxShortened = 256

// dropLargest drops attributes of the span, its events and its links, and shortens names and the status: the largest, and
// what is within an eighth of it, until about excess bytes are gone. It returns how many. It leaves the smaller ones to the
// next round, which knows better what is still too much.
func dropLargest(d *trace.SpanData, excess int) (dropped uint64) {
	largest := 0
	eachText(d, func(s *string) {
		if len(*s) > maxShortened {
			largest = max(largest, len(*s))
		}
	})
	eachList(d, func(attrs *[]trace.Attribute, _ *uint32) {
		for i := range *attrs {
			largest = max(largest, cost(&(*attrs)[i]))
		}
	})
	enough := largest - largest/8
	eachText(d, func(s *string) {
		if excess > 0 && len(*s) > maxShortened && len(*s) >= enough {
			excess -= len(*s) - maxShortened
			*s = (*s)[:maxShortened]
			dropped++
		}
	})
	eachList(d, func(attrs *[]trace.Attribute, count *uint32) {
		kept := (*attrs)[:0]
		for _, a := range *attrs {
			if c := cost(&a); excess > 0 && c >= enough {
				excess -= c
				dropped++
				*count++
				continue
			}
			kept = append(kept, a)
		}
		*attrs = kept
	})
	return dropped
}

// cost is about what an attribute takes in a line; the constant stands for its punctuation.
func cost(a *trace.Attribute) int { return len(a.Key) + a.Value.Size() + 40 }

// eachText calls f with the texts of the span and its events that are no attributes.
func eachText(d *trace.SpanData, f func(s *string)) {
	f(&d.Name)
	f(&d.Status.Description)
	for i := range d.Events {
		f(&d.Events[i].Name)
	}
}

// eachList calls f with the attributes of the span, of its events and of its links.
func eachList(d *trace.SpanData, f func(attrs *[]trace.Attribute, dropped *uint32)) {
	f(&d.Attributes, &d.DroppedAttributes)
	for i := range d.Events {
		f(&d.Events[i].Attributes, &d.Events[i].DroppedAttributes)
	}
	for i := range d.Links {
		f(&d.Links[i].Attributes, &d.Links[i].DroppedAttributes)
	}
}

// dropEvents drops the later half of the events and of the links.
func dropEvents(d *trace.SpanData, _ int) uint64 {
	events, links := len(d.Events)/2, len(d.Links)/2
	dropped := uint64(len(d.Events) - events + len(d.Links) - links)
	d.DroppedEvents += uint32(len(d.Events) - events)
	d.DroppedLinks += uint32(len(d.Links) - links)
	d.Events, d.Links = d.Events[:events], d.Links[:links]
	return dropped
}
