//go:build (wasm || edgespan_small) && !wasip1

package trace

import "math/rand/v2"

// idSource draws the ids of local traces from the runtime's generator, which is seeded by the host's randomness. It is not fit
// for secrets, and ids need not be secret.
type idSource struct{}

func (*idSource) seed() {}

// fill fills a trace id, half of a trace id, or a span id. Each group of eight bytes is random and not zero. The loop is less
// code than package binary.
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
