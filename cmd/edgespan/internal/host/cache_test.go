package host

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A lookup in a transaction that is never written leaves nothing in the cache, and removes nothing.
func TestCacheForgetsWhatWasNeverWritten(t *testing.T) {
	ca := newCache()
	for i := range 100 {
		_, owed := ca.transact(context.Background(), fmt.Sprint(i), nil)
		ca.drop(owed)
	}
	assert.Empty(t, ca.keys)

	_, owed := ca.transact(context.Background(), "x", nil)
	object := &cacheObject{maxAge: time.Hour, rule: []string{"accept"}, content: &collected{done: true}}
	ca.fulfil(owed, object)
	assert.Len(t, ca.keys["x"].slots, 1, "of the rule that the object has")
	assert.Same(t, object, ca.lookup("x", nil))
	_, other := ca.transact(context.Background(), "x", headers{{"accept", "text/html"}})
	ca.drop(other)
	assert.Same(t, object, ca.lookup("x", nil))
}

func TestCacheHoldsSoManyEmptyObjects(t *testing.T) {
	ca := newCache()
	ca.room.limit = 10 * objectBytes
	for i := range 100 {
		ca.insert(fmt.Sprint(i), nil, &cacheObject{maxAge: time.Hour, content: &collected{done: true}})
	}
	assert.LessOrEqual(t, len(ca.keys), 11, "ten, and one that goes with the next")
	assert.NotNil(t, ca.lookup("99", nil))
	assert.NotNil(t, ca.lookup("90", nil))
	assert.Nil(t, ca.lookup("89", nil))
}

// Objects that cannot be used do not pile up, though not each insert looks at all of them, and what is counted is what is there.
func TestCacheDropsOldObjects(t *testing.T) {
	ca := newCache()
	done := &collected{done: true}
	insert := func(name string, maxAge time.Duration) *cacheObject {
		o := &cacheObject{maxAge: maxAge, content: done}
		ca.insert(name, nil, o)
		return o
	}
	const many = 4096
	for i := range many {
		insert(fmt.Sprint("old ", i), -1)
	}
	assert.Less(t, len(ca.keys), 8, "those that cannot be used")
	for i := range many {
		insert(fmt.Sprint(i), time.Hour)
	}
	assert.Equal(t, many, ca.room.order.Len())
	assert.Len(t, ca.keys, many)
	assert.Equal(t, many*objectBytes, ca.room.used)
	assert.Empty(t, ca.room.growing)

	replaced := insert("0", time.Hour)
	assert.Equal(t, many, ca.room.order.Len())
	assert.Equal(t, many*objectBytes, ca.room.used)
	assert.Same(t, replaced, ca.lookup("0", nil))

	replaced.surrogates = []string{"s"}
	ca.purge("s", false)
	assert.Equal(t, (many-1)*objectBytes, ca.room.used)
	assert.Len(t, ca.keys, many-1)
}

// An object counts with what is written to it after the insert.
func TestCacheCountsWhatIsWrittenLater(t *testing.T) {
	ca := newCache()
	ca.room.limit = 10 * objectBytes
	growing := &collected{}
	ca.insert("growing", nil, &cacheObject{maxAge: time.Hour, content: growing})
	ca.insert("small", nil, &cacheObject{maxAge: time.Hour, content: &collected{done: true}})
	assert.NotNil(t, ca.lookup("growing", nil))
	growing.buf, growing.done = make([]byte, ca.room.limit), true
	ca.insert("last", nil, &cacheObject{maxAge: time.Hour, content: &collected{done: true}})
	assert.Nil(t, ca.lookup("growing", nil))
	assert.NotNil(t, ca.lookup("small", nil))
	assert.Equal(t, 2*objectBytes, ca.room.used)
}

// An object that is being refreshed stays, and one whose refresh is given up goes.
func TestCacheKeepsWhatIsBeingRefreshed(t *testing.T) {
	ca := newCache()
	empty := func(maxAge, stale time.Duration) *cacheObject {
		return &cacheObject{maxAge: maxAge, stale: stale, content: &collected{done: true}}
	}
	ca.insert("x", nil, empty(-1, time.Hour))
	object, owed := ca.transact(context.Background(), "x", nil)
	object.stale = 0 // time passes
	for i := range 10 {
		ca.insert(fmt.Sprint(i), nil, empty(-1, 0))
	}
	assert.Same(t, object, ca.keys["x"].slots[""].object)
	ca.drop(owed)
	for i := range 10 {
		ca.insert(fmt.Sprint(i), nil, empty(-1, 0))
	}
	assert.NotContains(t, ca.keys, "x")
}

func BenchmarkCacheInsert(b *testing.B) {
	for _, objects := range []int{100, 10000} {
		b.Run(fmt.Sprint(objects), func(b *testing.B) {
			ca := newCache()
			ca.room.limit = objects * objectBytes
			for i := 0; b.Loop(); i++ {
				ca.insert(fmt.Sprint(i), nil, &cacheObject{maxAge: time.Hour, content: &collected{done: true}})
			}
		})
	}
}
