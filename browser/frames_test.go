package browser

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
)

type name struct{}

func TestFrames(t *testing.T) {
	var f frames
	enter := func(text string, run bool) *frame {
		return f.enter(context.WithValue(context.Background(), name{}, text), run)
	}
	active := func() any { return f.active().Value(name{}) }
	assert.Nil(t, active())

	load := enter("load", false)
	label := enter("label", false)
	input := enter("input", false)
	load.over, label.over = true, true
	assert.Equal(t, "input", active(), "what is over below it does not matter")
	input.over = true
	assert.Nil(t, active())

	load = enter("load", false)
	enter("outer", true)
	enter("inner", true)
	click := enter("click", false)
	assert.Equal(t, "click", active())
	f.exit()
	assert.Equal(t, "outer", active(), "a click within a run goes with it")
	click.over, load.over = true, true
	assert.Equal(t, "outer", active())
	f.exit()
	assert.Nil(t, active())

	for range 1000 {
		enter("click", false).over = true
	}
	assert.Len(t, f, 1, "without any span in between")
	f.exit()
	assert.Nil(t, active())
}
