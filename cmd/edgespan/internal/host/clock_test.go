package host

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Guests see a clock that tells apart what comes shortly after one another, or their spans have no length.
func TestWalltimeIsExact(t *testing.T) {
	before := time.Now()
	seen := map[int32]bool{}
	var seconds int64
	for range 10000 {
		var nanos int32
		seconds, nanos = walltime()
		seen[nanos] = true
	}
	assert.Greater(t, len(seen), 100)
	assert.WithinDuration(t, before, time.Unix(seconds, 0), time.Minute)
}
