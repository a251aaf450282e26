//go:build go1.25

package batch

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// A disk that is full, then has room, and is full again is told of twice.
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
