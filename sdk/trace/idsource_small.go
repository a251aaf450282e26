//go:build wasm || edgespan_small

package trace

import "math/rand/v2"

// idSource draws the ids of local traces: by the runtime's generator, which is seeded by the host's randomness. It is not meant for
// secrets, and ids are none.
type idSource struct{}

func (*idSource) seed() {}

// fill fills a trace id, the half of one, or a span id: eight bytes at a time, which are not zero. This is less code than byte orders are.
//
//go:noinline
func (*idSource) fill(id []byte) {
	var v uint64
	for i := range id {
		for i%8 == 0 {
			if v = rand.Uint64(); v != 0 {
				break
			}
		}
		id[i] = byte(v >> (8 * (i % 8)))
	}
}
