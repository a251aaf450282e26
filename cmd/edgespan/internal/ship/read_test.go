package ship

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

func TestPauseAfter(t *testing.T) {
	for look, want := range map[time.Duration]time.Duration{
		0:                     inputs.PollInterval,
		time.Millisecond:      inputs.PollInterval,
		20 * time.Millisecond: 400 * time.Millisecond,
		time.Minute:           maxPause, // the machine was asleep, or has no time
	} {
		assert.Equal(t, want, pauseAfter(look), look)
	}
}
