//go:build go1.25

package batch

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// If a receiver is down, then accepts something, and is down again, that is reported twice. So is a processor that is full
// twice.
func TestErrorIsToldAgainWhenSendingHasWorked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{}
		var told []error
		p := New(Config{Sink: sink, Mode: Inline, Spans: 1, MaxSpans: 1, Age: -1, OnError: func(err error) { told = append(told, err) }})
		for range 2 {
			sink.does(fails)
			giveMany(p, 3)
			sink.does(nil)
			time.Sleep(time.Hour)
			giveMany(p, 1) // first there is no room, and then there is
			time.Sleep(time.Hour)
		}
		assert.Equal(t, []error{errDown, errFull, errDown, errFull}, told)
	})
}

// A disk that is full, then has room, and is full again is reported twice.
func TestStoreErrorIsToldAgainWhenItIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errDisk := errors.New("disk full")
		store := &fakeStore{}
		var told []error
		p := New(Config{Sink: &fakeSink{}, Store: store, Mode: Manual, OnError: func(err error) { told = append(told, err) }})
		for range 2 {
			store.refuses = func() error { return errDisk }
			giveMany(p, 2)
			store.refuses = nil
			giveMany(p, 2)
			time.Sleep(time.Hour)
		}
		assert.Equal(t, []error{errDisk, errDisk}, told)
		assert.Equal(t, uint64(4), p.Stats().StoreErrors)
	})
}
