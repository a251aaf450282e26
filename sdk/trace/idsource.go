//go:build !wasm && !edgespan_small

package trace

import (
	"encoding/binary"
	"math/rand/v2"
)

// idSource draws the ids of the local traces that use the same storage, one after the other. It is a generator of its own,
// seeded by the runtime's generator, which takes three times as long for each number. Neither generator is fit for secrets, and
// ids need not be secret.
type idSource struct{ random rand.PCG }

func (s *idSource) seed() {
	s.random.Seed(rand.Uint64(), rand.Uint64())
}

// fill fills a trace id, half of a trace id, or a span id. Each group of eight bytes is random and not zero.
func (s *idSource) fill(id []byte) {
	for len(id) >= 8 {
		if v := s.random.Uint64(); v != 0 {
			binary.NativeEndian.PutUint64(id, v)
			id = id[8:]
		}
	}
}
