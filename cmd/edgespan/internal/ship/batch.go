package ship

import (
	"context"
	"sync/atomic"
	"time"
)

// batch is a set of lines that are sent together, with the positions of the inputs after them.
type batch struct {
	counts    Counts
	lines     []*line
	totals    [2]int // items of each signal
	size      int
	positions map[string]position
	errs      []error
	rejects   [][]byte // the lines of it that cannot be delivered
	streamed  bool     // some of it cannot be read again
}

func (b *batch) items() int { return b.totals[spanSignal] + b.totals[logSignal] }

func (b *batch) add(it *item) {
	b.counts.add(&it.counts)
	if it.position.source != nil && it.position.key != "" {
		b.positions[it.position.key] = it.position
	} else if it.line != nil || len(it.broken) > 0 {
		b.streamed = true
	}
	if it.err != nil {
		b.errs = append(b.errs, it.err)
	}
	b.reject(it.broken...)
	if it.line == nil {
		return
	}
	b.lines = append(b.lines, it.line)
	b.size += it.line.size
	for signal, p := range it.line.parts {
		b.totals[signal] += p.items
	}
}

// reject keeps text that cannot be delivered. It counts for the size, which bounds the memory of a batch.
func (b *batch) reject(texts ...[]byte) {
	b.rejects = append(b.rejects, texts...)
	for _, text := range texts {
		b.size += len(text) + 1
	}
}

// maxNotices is how many broken lines and files without telemetry are reported.
const maxNotices = 3

// collect makes batches of the items. The items that are left when reading ends become the last batch. The channel is closed then,
// or when ctx ends; after that, whole tells whether all inputs were read to their end.
func collect(ctx, reading context.Context, cfg *Config, items <-chan item, limit *atomic.Int64, whole *bool) <-chan *batch {
	batches := make(chan *batch)
	go func() {
		defer close(batches)
		b := &batch{positions: map[string]position{}}
		var since <-chan time.Time // started by the first item of the batch
		leave := func() {
			if b.counts == (Counts{}) && len(b.positions) == 0 && len(b.errs) == 0 {
				return
			}
			select {
			case batches <- b:
			case <-ctx.Done():
			}
			b, since = &batch{positions: map[string]position{}}, nil
		}
		notices := 0
		for {
			select {
			case it, ok := <-items:
				if !ok {
					*whole = reading.Err() == nil
					leave()
					return
				}
				if l := it.line; l != nil && len(b.lines) > 0 &&
					(b.size+l.size > int(limit.Load()) || b.items()+l.parts[spanSignal].items+l.parts[logSignal].items > cfg.Items) {
					leave()
				}
				b.add(&it)
				if it.counts.Other > 0 && cfg.Text != nil {
					cfg.Text(it.text)
				}
				if it.notice != "" {
					if notices++; notices <= maxNotices {
						cfg.Console.Note(it.notice)
					}
				}
				if b.size >= int(limit.Load()) || b.items() >= cfg.Items {
					leave()
				} else if since == nil && (cfg.Live || cfg.Follow) {
					since = time.After(cfg.Flush)
				}
			case <-since:
				leave()
			case <-reading.Done():
				leave()
				return
			}
		}
	}()
	return batches
}
