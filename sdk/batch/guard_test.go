package batch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

// detecting is a Sink that detects its platform, or panics.
type detecting struct {
	fakeSink
	attrs []trace.Attribute
}

func (d *detecting) DetectResource() []trace.Attribute { return append(d.attrs, d.attrs[0]) }

// negative is a Sink that returns a negative count.
type negative struct{ fakeSink }

func (*negative) Count([]byte) int { return -1 }

// TestGuard checks that the results are valid whatever a Sink returns.
func TestGuard(t *testing.T) {
	lines := [][]byte{{'a'}, {'b'}, {'c'}}
	for _, tt := range []struct{ said, want Result }{
		{Result{Lines: 3}, Result{Lines: 3}},
		{Result{Lines: 4, Untried: 1, Rejected: 9, RetryAfter: time.Second}, Result{Lines: 3, Rejected: 9, RetryAfter: time.Second}},
		{Result{}, Result{Err: errLeft}},
		{Result{Lines: -1, Untried: -1, Rejected: -1, RetryAfter: -1}, Result{Err: errLeft}},
		{Result{Lines: 1, Untried: 2, Err: errDown}, Result{Lines: 1, Untried: 2, Err: errDown}},
		{Result{Lines: 1, Untried: 3, Err: errDown}, Result{Lines: 1, Untried: 2, Err: errDown}},
		{Result{Lines: 3, Err: errDown}, Result{Lines: 3, Err: errDown}},
	} {
		s := Guard(&fakeSink{send: func(context.Context, [][]byte) Result { return tt.said }})
		assert.Equal(t, tt.want, s.Send(background, lines), "%+v", tt.said)
	}
	r := Guard(&fakeSink{send: func(context.Context, [][]byte) Result { panic("boom") }}).Send(background, lines)
	assert.Equal(t, Result{Err: errors.New("batch: panic in Sink.Send: boom")}, r)

	assert.Equal(t, 2, Guard(&fakeSink{}).Count([]byte("a b")))
	assert.Zero(t, Guard(&negative{}).Count([]byte("a")))
	assert.Equal(t, 1, Guard(hostile{}).Count([]byte("a")), "rather than thrown away")

	attr := trace.String("cloud.provider", "here")
	assert.Equal(t, []trace.Attribute{attr, attr}, New(Config{Sink: &detecting{attrs: []trace.Attribute{attr}}}).DetectResource())
	assert.Nil(t, New(Config{Sink: &detecting{}}).DetectResource(), "it panics")
	assert.Nil(t, New(Config{Sink: &fakeSink{}}).DetectResource())
}
