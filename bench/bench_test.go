package main

import (
	"strings"
	"testing"
)

// BenchmarkSpan measures one server span with five attributes: start, end, encode and write to memory.
//
// These optimizations were kept because of it. The numbers are ns per span in the fastest window, with a floor of 138 ns. The
// position of functions in the binary changes the result by ±15 ns, so each number is the median over builds with
// -ldflags=-randlayout=1…16:
//
//	attributes stay on the caller's stack, since a StartConfig is copied in pieces   625 → 515
//	the encoder keeps its buffer in registers, not behind a pointer                  515 → 490
//	one reading of the monotonic clock from a shared anchor, not time.Now            490 → 470
//	a bit for each key's length instead of comparing keys                            470 → 455
//	text up to 32 bytes without a loop                                               455 → 445
//	a separate code path for Config.Clock, ids written in place                      445 → 420
//
// Later, on a machine with a floor of 118 ns:
//
//	a RootConfig by its address, ids compared as numbers: a copy of 16 bytes waits for two stores of eight   390 → 377
//	duplicate keys removed at the end of a span, long after they were written                                382 → 375
//	a random number generator in each storage                                                                371 → 363
//	the span's fixed parts copied as arrays, in one function that keeps the buffer in registers              375 → 360
//
// These were rejected: a cache of quoted keys (+10), look-up tables for digits (0), more handles at once (0), one word for a
// storage's lock and use count (-2, and 6 kB on wasm), and not clearing attributes (-10, but a request's strings would stay in
// memory).
func BenchmarkSpan(b *testing.B) {
	for _, c := range contestants() {
		b.Run(strings.ReplaceAll(c.name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.run()
			}
		})
	}
}
