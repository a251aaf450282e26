package ship

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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

// A file that is followed and cannot be read for a moment is read on from there.
func TestFollowsAFileThatCannotBeReadForAMoment(t *testing.T) {
	paths := inFolder(t, "lines", "state")
	const lines = 2000
	writeFile(t, paths[0], spanLines(0, lines))
	cfg, _ := config("http://receiver.test", paths[0])
	cfg.Checkpoint, cfg.Follow = paths[1], true
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in := looking(t, cfg)
	items := read(ctx, &cfg, []*input{in})
	got, errs := 0, 0
	for it := range items {
		if it.line != nil {
			got++
		}
		if it.err != nil {
			errs++
		}
		switch got {
		case 1:
			if errs == 0 {
				require.NoError(t, in.reading.Load().Close()) // the next read fails
			}
		case lines:
			cancel()
		}
	}
	assert.Equal(t, lines, got)
	assert.Equal(t, 1, errs)
}
