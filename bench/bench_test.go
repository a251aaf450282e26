package main

import (
	"strings"
	"testing"
)

// BenchmarkSpan is one server span with five attributes, ended, encoded and written to memory.
//
// What it has decided, in ns of the best window, with a floor of 138 ns; where functions come to lie in the binary is worth
// ±15, so each is a median over builds with -ldflags=-randlayout=1…16:
//
//	attributes stay on the caller's stack, since a StartConfig is copied in pieces   625 → 515
//	the encoder keeps its buffer in registers, not behind a pointer                  515 → 490
//	one reading of the monotonic clock from a shared anchor, not time.Now            490 → 470
//	a bit for each key's length in place of comparing keys                           470 → 455
//	text up to 32 bytes without a loop                                               455 → 445
//	Config.Clock on a way of its own, ids written in place                           445 → 420
//
// and later, on a machine with a floor of 118 ns:
//
//	a RootConfig by its address, ids compared as numbers: a copy of 16 bytes waits for two stores of eight   390 → 377
//	keys made distinct at the end of a span, when they have long been written                                382 → 375
//	a generator of random numbers in each storage                                                            371 → 363
//	the span's fixed parts copied as arrays, in one function that keeps the buffer in registers              375 → 360
//
// What it has turned down: a cache of quoted keys (+10), look-up tables for digits (0), more handles at once (0), the lock and the number
// of a storage's use in one word (-2, and 6 kB on wasm), no clearing of attributes (-10, and a request's strings stay in memory).
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
