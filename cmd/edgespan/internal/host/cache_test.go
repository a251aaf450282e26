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
	ca.limit = 10 * objectBytes
	for i := range 100 {
		ca.insert(fmt.Sprint(i), nil, &cacheObject{maxAge: time.Hour, content: &collected{done: true}})
	}
	assert.LessOrEqual(t, len(ca.keys), 11, "ten, and one that goes with the next")
	assert.NotNil(t, ca.lookup("99", nil))
	assert.NotNil(t, ca.lookup("90", nil))
	assert.Nil(t, ca.lookup("89", nil))
}
