package trace

import (
	"sync/atomic"
	"time"
	"unsafe"
)

// idSource takes each id from the host. A request needs only a few, and package math/rand/v2 would add 2 kB to every service.
type idSource struct{}

func (*idSource) seed() {}

// fill fills a trace id, half of a trace id, or a span id with random bytes. They are not all zero.
//
//go:noinline
func (*idSource) fill(id []byte) {
	if hostRandom(unsafe.SliceData(id), uint32(len(id))) == 0 {
		for _, b := range id {
			if b != 0 {
				return
			}
		}
	}
	// The host has no randomness: it says so, or writes nothing. Ids that are only distinct are better than none. They are made of
	// the sum of the times so far, which never comes twice, spread over all bits, since samplers look at the last ones.
	v := timesSoFar.Add(uint64(time.Now().UnixNano()) | 1)
	for i := range id {
		v *= 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
		id[i] = byte(v >> 56)
	}
}

var timesSoFar atomic.Uint64

//go:wasmimport wasi_snapshot_preview1 random_get
//go:noescape
func hostRandom(buf *byte, size uint32) (errno uint32)
