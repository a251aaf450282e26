package browser

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
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

	enter("load", false)
	enter("outer", true)
	route := f.insert(context.WithValue(context.Background(), name{}, "route"))
	assert.Equal(t, "outer", active())
	f.exit()
	assert.Equal(t, "route", active(), "a change of route within a run outlasts it")
	route.over = true
	assert.Equal(t, "load", active())
	f[0].over = true

	for range 1000 {
		enter("click", false).over = true
	}
	assert.Len(t, f, 1, "without any span in between")
	f.exit()
	assert.Nil(t, active())
}

func TestFramesByID(t *testing.T) {
	tp := trace.NewTracerProvider(trace.Config{})
	var f frames
	var all []*frame
	for range 3 {
		ctx, _ := tp.Start(context.Background(), "click", trace.StartConfig{})
		all = append(all, f.enter(ctx, false))
	}
	for _, frame := range all {
		assert.Equal(t, frame.span().SpanContext().SpanID.String(), frame.id())
		assert.Same(t, frame, f.named(frame.id()))
	}
	all[1].over = true
	assert.Equal(t, frames{all[0], all[2]}, f.open())
	assert.Nil(t, f.named("0"))
}
