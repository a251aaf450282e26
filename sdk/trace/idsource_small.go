//go:build wasm || edgespan_small

package trace

import "math/rand/v2"

// idSource draws the ids of local traces: by the runtime's generator, which is seeded by the host's randomness. It is not meant for
// secrets, and ids are none.
type idSource struct{}

func (*idSource) seed() {}

// fill fills half a trace id, or a span id. It is not zero. This is less code than byte orders are.
//
//go:noinline
func (*idSource) fill(id []byte) {
	v := rand.Uint64()
	for v == 0 {
		v = rand.Uint64()
	}
	for i := range id {
		id[i] = byte(v >> (8 * i))
	}
}
