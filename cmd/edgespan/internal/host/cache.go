package host

import (
	"bytes"
	"container/list"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// cache is the core cache. All sandboxes of a host share it, and it ends with the host.
//
// An object is found by its key and, according to the object's vary rule, by headers of the request. If several transactions look
// up an object that does not exist, one of them gets the obligation to write it, and the others wait for that. If there is a stale
// object that may still be used, they get that instead.
type cache struct {
	mu     sync.Mutex
	room   room
	keys   map[string]*cacheKey
	change chan struct{} // closed, and replaced, when an obligation ends
}

type cacheKey struct {
	name  string
	rules [][]string // the vary rules of its objects, the newest first
	slots map[string]*cacheSlot
}

// cacheSlot is one variant. It has an object, the obligation to write one, or both.
type cacheSlot struct {
	key    *cacheKey
	name   string // in the key
	object *cacheObject
	place  *list.Element // in the room, while there is an object
	owed   *obligation
}

type cacheObject struct {
	written    time.Time
	initialAge time.Duration
	maxAge     time.Duration
	stale      time.Duration // how long it may be used after maxAge
	rule       []string
	metadata   string
	length     *uint64 // as declared
	surrogates []string
	softPurged atomic.Bool
	content    *collected
	hits       uint64
	cost       int     // in the room
	variantOf  headers // of the request that it was written for
}

// obligation is the duty to write the object that was looked up.
type obligation struct {
	slot    *cacheSlot
	request headers
	object  *cacheObject // stale, to be refreshed
}

func newCache() *cache {
	return &cache{room: room{limit: cacheBytes}, keys: map[string]*cacheKey{}, change: make(chan struct{})}
}

func (o *cacheObject) age() time.Duration { return time.Since(o.written) + o.initialAge }
func (o *cacheObject) fresh() bool        { return !o.softPurged.Load() && o.age() < o.maxAge }
func (o *cacheObject) usable() bool       { return o.age() < o.maxAge+o.stale }

// size returns the object's length, if it is known by now.
func (o *cacheObject) size() (uint64, bool) {
	if o.length != nil {
		return *o.length, true
	}
	return o.content.size()
}

// variant returns the values of the rule's headers in the request, as one key.
func variant(rule []string, request headers) string {
	var b strings.Builder
	for _, name := range rule {
		values := request.values(name)
		b.WriteString(name + ":" + strconv.Itoa(len(values)) + "\x00")
		for _, v := range values {
			b.WriteString(strconv.Itoa(len(v)) + ":" + v)
		}
	}
	return b.String()
}

// key returns the entry of the key, and creates it if needed. The lock is held.
func (ca *cache) key(name string) *cacheKey {
	k := ca.keys[name]
	if k == nil {
		k = &cacheKey{name: name, slots: map[string]*cacheSlot{}}
		ca.keys[name] = k
	}
	return k
}

// matching returns the slots that fit the request, those of the newest rule first.
func (k *cacheKey) matching(request headers) []*cacheSlot {
	var out []*cacheSlot
	for _, rule := range k.rules {
		if s := k.slots[variant(rule, request)]; s != nil {
			out = append(out, s)
		}
	}
	return out
}

// lookup finds an object outside a transaction.
func (ca *cache) lookup(name string, request headers) *cacheObject {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	k := ca.keys[name]
	if k == nil {
		return nil
	}
	for _, s := range k.matching(request) {
		if s.object != nil && s.object.usable() {
			s.object.hits++
			return s.object
		}
	}
	return nil
}

// transact finds an object, or takes on the obligation to write one, or waits for the transaction that has the obligation.
func (ca *cache) transact(ctx context.Context, name string, request headers) (*cacheObject, *obligation) {
	for {
		ca.mu.Lock()
		object, owed, wait := ca.try(name, request)
		change := ca.change
		ca.mu.Unlock()
		if !wait {
			return object, owed
		}
		select {
		case <-change:
		case <-ctx.Done():
			return nil, nil
		}
	}
}

func (ca *cache) try(name string, request headers) (object *cacheObject, owed *obligation, wait bool) {
	k := ca.key(name)
	slots := k.matching(request)
	for _, s := range slots {
		if s.object != nil && s.object.fresh() {
			s.object.hits++
			return s.object, nil, false
		}
	}
	for _, s := range slots {
		if s.object == nil || !s.object.usable() {
			continue
		}
		s.object.hits++
		if s.owed == nil {
			s.owed = &obligation{slot: s, request: request, object: s.object}
			return s.object, s.owed, false
		}
		return s.object, nil, false
	}
	for _, s := range slots {
		if s.owed != nil {
			return nil, nil, true
		}
	}
	var slot *cacheSlot
	if len(slots) > 0 {
		slot = slots[0]
	} else {
		if len(k.rules) == 0 {
			k.rules = [][]string{nil}
		}
		slot = k.slot(variant(k.rules[0], request))
	}
	slot.owed = &obligation{slot: slot, request: request}
	return nil, slot.owed, false
}

// insert stores the object for the request.
func (ca *cache) insert(name string, request headers, o *cacheObject) {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	ca.put(ca.key(name), request, o)
}

// fulfil stores the object of an obligation.
func (ca *cache) fulfil(owed *obligation, o *cacheObject) {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	ca.put(owed.slot.key, owed.request, o)
	ca.free(owed)
}

// slot returns the variant with that name, and makes it.
func (k *cacheKey) slot(name string) *cacheSlot {
	if k.slots[name] == nil {
		k.slots[name] = &cacheSlot{key: k, name: name}
	}
	return k.slots[name]
}

func (ca *cache) put(k *cacheKey, request headers, o *cacheObject) {
	o.written = time.Now()
	o.variantOf = request
	k.rules = slices.DeleteFunc(k.rules, func(r []string) bool { return slices.Equal(r, o.rule) })
	k.rules = slices.Insert(k.rules, 0, o.rule)
	slot := k.slot(variant(o.rule, request))
	ca.room.leave(slot)
	slot.object = o
	ca.room.enter(slot)
	ca.trim()
}

// drop gives up the obligation. The next waiting transaction takes it on.
func (ca *cache) drop(owed *obligation) {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	ca.free(owed)
}

func (ca *cache) free(owed *obligation) {
	if owed.slot.owed != owed {
		return
	}
	owed.slot.owed = nil
	ca.prune(owed.slot) // the next lookup makes a slot of its own
	close(ca.change)
	ca.change = make(chan struct{})
}

// purge removes the objects with the surrogate key. A soft purge only makes them stale.
func (ca *cache) purge(surrogate string, soft bool) {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	for _, k := range ca.keys {
		for _, s := range k.slots {
			if s.object == nil || !slices.Contains(s.object.surrogates, surrogate) {
				continue
			}
			if soft {
				s.object.softPurged.Store(true)
			} else {
				ca.forget(s)
			}
		}
	}
}

// validSurrogates splits and checks a list of surrogate keys.
func validSurrogates(list []byte) ([]string, bool) {
	const maxList, maxKey = 16 << 10, 1024
	if len(list) > maxList {
		return nil, false
	}
	var keys []string
	for _, key := range bytes.Split(list, []byte{' '}) {
		if len(key) > maxKey {
			return nil, false
		}
		for _, b := range key {
			if b <= ' ' || b >= 0x7F {
				return nil, false
			}
		}
		if len(key) > 0 {
			keys = append(keys, string(key))
		}
	}
	return keys, true
}
