// With GOOS=js, JavaScript writes floating-point numbers, into strings that Go copies.

//go:build !js

package compact_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAppendAllocations checks that a line is appended to the buffer without any other allocation.
func TestAppendAllocations(t *testing.T) {
	b, buf := full(), make([]byte, 0, 1<<16)
	for i := range b.Spans {
		b.Spans[i].Attributes = b.Spans[i].Attributes[:4] // without lists, which are unpacked
	}
	for _, format := range formats {
		require.Zero(t, testing.AllocsPerRun(100, func() { buf = format.append(buf[:0], b) }))
	}
}
