package main

import (
	"strings"
	"testing"
)

// BenchmarkSpan is one server span with five attributes, ended, encoded and written to memory.
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
