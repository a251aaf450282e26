package logendpoint

import "github.com/edgespan/edgespan/sdk/trace"

// shrink encodes a span that is too large for a line by itself into the buffer with less in it: without its largest
// attribute values first, then without events and links, then with a shorter name and status.
func (e *Endpoint) shrink(r *trace.Resource, d *trace.SpanData) error {
	small := d.Clone()
	e.part = trace.Batch{Resource: r, Spans: []trace.SpanData{small}}
	s := &e.part.Spans[0]
	for _, step := range []func(*trace.SpanData, int) uint64{dropLargest, dropEvents, shorten} {
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

// dropLargest drops attributes of the span, its events and its links, the largest first, until about excess bytes are
// gone, and returns how many. Values within a sixteenth of the largest count as equal, which bounds the rounds.
func dropLargest(d *trace.SpanData, excess int) (dropped uint64) {
	for excess > 0 {
		largest := 0
		eachList(d, func(attrs *[]trace.Attribute, _ *uint32) {
			for i := range *attrs {
				largest = max(largest, cost(&(*attrs)[i]))
			}
		})
		if largest == 0 {
			return dropped
		}
		enough := largest - largest/16
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
	}
	return dropped
}

// cost is about what an attribute takes in a line; the constant stands for its punctuation.
func cost(a *trace.Attribute) int { return len(a.Key) + a.Value.Size() + 40 }

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

// maxShortened is how much of a name or a description stays where nothing else can go.
const maxShortened = 256

func shorten(d *trace.SpanData, _ int) (dropped uint64) {
	for _, s := range []*string{&d.Name, &d.Status.Description} {
		if len(*s) > maxShortened {
			*s = (*s)[:maxShortened]
			dropped++
		}
	}
	return dropped
}
