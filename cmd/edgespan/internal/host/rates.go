package host

import (
	"sync"
	"time"
)

// rates are the rate counters and penalty boxes of all names. They start empty, and last until the host ends.
type rates struct {
	mu    sync.Mutex
	ticks map[rateEntry][]tick // in order of time
	boxes map[rateEntry]time.Time
}

// rateEntry is an entry of a counter or a penalty box.
type rateEntry struct{ name, entry string }

// tick is the count within one tickLength.
type tick struct {
	at time.Time
	n  uint32
}

const (
	tickLength = 10 * time.Millisecond
	memory     = time.Minute      // the longest window
	bucket     = 10 * time.Second // the unit of counts: https://www.fastly.com/documentation/guides/concepts/rate-limiting/
	maxEntries = 10_000           // of all counters, and of all boxes; above it the entry is dropped that was counted, or becomes free, first
)

func newRates() *rates {
	return &rates{ticks: map[rateEntry][]tick{}, boxes: map[rateEntry]time.Time{}}
}

// count adds to an entry.
func (r *rates) count(e rateEntry, delta uint32, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ticks, known := r.ticks[e]
	for len(ticks) > 0 && now.Sub(ticks[0].at) >= memory+bucket {
		ticks = ticks[1:]
	}
	at := now.Truncate(tickLength) // a tick never spans two buckets
	if n := len(ticks); n > 0 && at.Equal(ticks[n-1].at) {
		ticks[n-1].n += delta
	} else {
		ticks = append(ticks, tick{at, delta})
	}
	if !known {
		makeRoom(r.ticks, func(ticks []tick) time.Time { return ticks[len(ticks)-1].at })
	}
	r.ticks[e] = ticks
}

// makeRoom drops the entry with the earliest time if the limit is reached.
func makeRoom[T any](entries map[rateEntry]T, at func(T) time.Time) {
	if len(entries) < maxEntries {
		return
	}
	var first rateEntry
	var earliest time.Time
	for e, v := range entries {
		if t := at(v); earliest.IsZero() || t.Before(earliest) {
			first, earliest = e, t
		}
	}
	delete(entries, first)
}

// within returns the count of the last d.
func (r *rates) within(e rateEntry, d time.Duration, now time.Time) uint64 {
	return r.since(e, now.Add(-d))
}

// inBuckets returns the count in the last buckets, including the current one.
func (r *rates) inBuckets(e rateEntry, d time.Duration, now time.Time) uint64 {
	return r.since(e, now.Truncate(bucket).Add(bucket-d-1)) // its first moment is part of the bucket
}

func (r *rates) since(e rateEntry, from time.Time) (sum uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.ticks[e] {
		if t.at.After(from) {
			sum += uint64(t.n)
		}
	}
	return sum
}

// penalize puts an entry into a penalty box, or changes its time there.
func (r *rates) penalize(e rateEntry, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.boxes[e]; !known {
		makeRoom(r.boxes, func(until time.Time) time.Time { return until })
	}
	r.boxes[e] = until
}

// penalized reports whether an entry is in a penalty box.
func (r *rates) penalized(e rateEntry, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	until, ok := r.boxes[e]
	if ok && !now.Before(until) {
		delete(r.boxes, e)
		ok = false
	}
	return ok
}
