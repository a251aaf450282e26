//go:build !wasm && !edgespan_small

package trace

import (
	"encoding/binary"
	"math/rand/v2"
)

// idSource draws the ids of local traces that have the same storage, one after the other. It is a generator of the storage's own, seeded
// by the runtime's, which takes three times as long for each number. Neither is meant for secrets, and ids are none.
type idSource struct{ random rand.PCG }

func (s *idSource) seed() {
	s.random.Seed(rand.Uint64(), rand.Uint64())
}

// fill fills a trace id, the half of one, or a span id: eight bytes at a time, which are not zero.
func (s *idSource) fill(id []byte) {
	for len(id) >= 8 {
		if v := s.random.Uint64(); v != 0 {
			binary.NativeEndian.PutUint64(id, v)
			id = id[8:]
		}
	}
}
