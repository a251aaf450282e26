package host

import (
	"context"
	"math"
	"time"
)

// cacheHandle is one lookup. In a transaction it also has the obligation that came with the lookup.
type cacheHandle struct {
	cache      *cache
	done       chan struct{} // closed when the lookup has its result
	object     *cacheObject
	owed       *obligation
	anyRange   bool   // a range applies even while the length is unknown
	lastBody   uint32 // the last body that the guest got
	handedOut  bool
	name       string
	cancelWait context.CancelFunc
}

func (h *cacheHandle) ready() <-chan struct{} { return h.done }

// release ends the lookup and its obligation, also while it is waiting.
func (h *cacheHandle) release() {
	if h.cancelWait != nil {
		h.cancelWait()
	}
	<-h.done
	if h.owed != nil {
		h.cache.drop(h.owed)
		h.owed = nil
	}
}

func cacheCalls() map[string]hostCall {
	duration := func(get func(*cacheObject) time.Duration) hostCall {
		return hostCall{2, func(c *call) status {
			c.putU64(1, uint64(get(c.cached()).Nanoseconds()))
			return statusOK
		}}
	}
	return map[string]hostCall{
		"lookup":                             {5, cacheLookup},
		"insert":                             {5, cacheInsert},
		"transaction_lookup":                 {5, func(c *call) status { return cacheTransact(c, true) }},
		"transaction_lookup_async":           {5, func(c *call) status { return cacheTransact(c, false) }},
		"cache_busy_handle_wait":             {2, cacheBusyWait},
		"transaction_insert":                 {4, func(c *call) status { return cacheFulfil(c, false) }},
		"transaction_insert_and_stream_back": {5, func(c *call) status { return cacheFulfil(c, true) }},
		"transaction_update":                 {3, cacheUpdate},
		"transaction_cancel": {1, func(c *call) status {
			h := c.cacheHandle(c.u32(0))
			if h.owed == nil {
				return statusBadHandle
			}
			h.release()
			return statusOK
		}},
		"close":      {1, cacheClose},
		"close_busy": {1, cacheClose},
		"get_state":  {2, cacheState},
		"get_user_metadata": {4, func(c *call) status {
			return c.fill(1, c.cached().metadata)
		}},
		"get_body": {4, cacheBody},
		"get_length": {2, func(c *call) status {
			n, known := c.cached().size()
			if !known {
				return statusNone
			}
			c.putU64(1, n)
			return statusOK
		}},
		"get_max_age_ns":                duration(func(o *cacheObject) time.Duration { return o.maxAge }),
		"get_stale_while_revalidate_ns": duration(func(o *cacheObject) time.Duration { return o.stale }),
		"get_age_ns":                    duration((*cacheObject).age),
		"get_hits": {2, func(c *call) status {
			o := c.cached()
			c.host.core.mu.Lock()
			defer c.host.core.mu.Unlock()
			c.putU64(1, o.hits)
			return statusOK
		}},
	}
}

func purgeCalls() map[string]hostCall {
	return map[string]hostCall{"purge_surrogate_key": {4, func(c *call) status {
		const soft = 1 << 0
		keys, ok := validSurrogates(c.bytes(0))
		if c.u32(2)&^soft != 0 {
			return statusUnsupported
		}
		if !ok || len(keys) != 1 {
			return statusInval
		}
		c.host.core.purge(keys[0], c.u32(2)&soft != 0)
		return statusOK
	}}}
}

const maxCacheKey = 4096

func (c *call) cacheKey() string {
	if c.u32(1) > maxCacheKey {
		throw(statusInval)
	}
	return string(c.bytes(0))
}

// cacheHandle waits for the lookup's result and returns the lookup.
func (c *call) cacheHandle(h uint32) *cacheHandle {
	ch := c.sb.items.get(h).cache
	if ch == nil {
		throw(statusBadHandle)
	}
	c.block(func(context.Context) { <-ch.done })
	return ch
}

// cached returns the object that the lookup in argument 0 found.
func (c *call) cached() *cacheObject {
	if h := c.cacheHandle(c.u32(0)); h.object != nil {
		return h.object
	}
	panic(statusNone)
}

func cacheLookup(c *call) status {
	request, anyRange := c.lookupOptions()
	name := c.cacheKey()
	h := &cacheHandle{cache: c.host.core, name: name, done: closed, anyRange: anyRange, object: c.host.core.lookup(name, request)}
	c.putU32(4, c.sb.items.add(&asyncItem{cache: h}))
	return statusOK
}

func cacheTransact(c *call, wait bool) status {
	request, anyRange := c.lookupOptions()
	h := &cacheHandle{cache: c.host.core, name: c.cacheKey(), done: make(chan struct{}), anyRange: anyRange}
	ctx, cancel := context.WithCancel(c.sb.ctx)
	h.cancelWait = cancel
	go func() {
		defer close(h.done)
		h.object, h.owed = h.cache.transact(ctx, h.name, request)
	}()
	if wait {
		c.block(func(context.Context) { <-h.done })
	}
	c.putU32(4, c.sb.items.add(&asyncItem{cache: h}))
	return statusOK
}

// cacheBusyWait turns the handle of a lookup that is under way into the handle of a lookup. The old handle can then only be closed.
func cacheBusyWait(c *call) status {
	h := c.cacheHandle(c.u32(0))
	c.sb.items.items[c.u32(0)] = &asyncItem{cache: &cacheHandle{cache: h.cache, name: h.name, done: closed}}
	c.putU32(1, c.sb.items.add(&asyncItem{cache: h}))
	return statusOK
}

func cacheClose(c *call) status {
	h := c.sb.items.get(c.u32(0)).cache
	if h == nil {
		return statusBadHandle
	}
	c.sb.items.take(c.u32(0))
	h.release()
	return statusOK
}

func cacheState(c *call) status {
	const (
		found  = 1 << 0
		usable = 1 << 1
		stale  = 1 << 2
		must   = 1 << 3
	)
	h := c.cacheHandle(c.u32(0))
	var state uint32
	if h.object != nil && h.object.usable() {
		state |= found | usable
		if !h.object.fresh() {
			state |= stale
		}
	}
	if h.owed != nil {
		state |= must
	}
	c.putU32(1, state)
	return statusOK
}

// cacheWriter makes a body that becomes the content of the object, and returns its handle.
func (c *call) cacheWriter(o *cacheObject) uint32 {
	b := c.sb.addBody(&body{})
	o.content = collect(c.host.ctx, c.sb.stream(b))
	return b
}

func cacheInsert(c *call) status {
	name := c.cacheKey()
	o, request := c.writeOptions(2)
	b := c.cacheWriter(o)
	c.host.core.insert(name, request, o)
	c.putU32(4, b)
	return statusOK
}

func cacheFulfil(c *call, streamBack bool) status {
	h := c.cacheHandle(c.u32(0))
	if c.u32(1)&writeHasHeaders != 0 {
		return statusInval // the request must be that of the lookup
	}
	o, _ := c.writeOptions(1)
	if h.owed == nil {
		return statusBadHandle
	}
	b := c.cacheWriter(o)
	h.cache.fulfil(h.owed, o)
	h.owed = nil
	c.putU32(3, b)
	if streamBack {
		back := &cacheHandle{cache: h.cache, name: h.name, done: closed, object: o, anyRange: h.anyRange}
		c.putU32(4, c.sb.items.add(&asyncItem{cache: back}))
	}
	return statusOK
}

// cacheUpdate makes a stale object fresh again. Its content does not change.
func cacheUpdate(c *call) status {
	h := c.cacheHandle(c.u32(0))
	if c.u32(1)&writeHasHeaders != 0 {
		return statusInval
	}
	o, _ := c.writeOptions(1)
	if h.owed == nil || h.owed.object == nil {
		return statusBadHandle
	}
	o.content = h.owed.object.content
	h.cache.fulfil(h.owed, o)
	h.owed = nil
	return statusOK
}

// cacheBody returns a body that reads the object, or the range between the first byte from and the last byte to. A to without a
// from counts from the end. For an invalid range it reads the whole object.
func cacheBody(c *call) status {
	const (
		hasFrom = 1 << 1
		hasTo   = 1 << 2
	)
	mask := c.u32(1)
	if mask&^(hasFrom|hasTo) != 0 {
		return statusUnsupported
	}
	h := c.cacheHandle(c.u32(0))
	o := c.cached()
	if h.handedOut {
		if item := c.sb.items.peek(h.lastBody); item != nil && item.body != nil {
			return statusBadHandle // only one reader at a time
		}
	}
	from, to := uint64(0), uint64(math.MaxUint64)
	size, known := o.size()
	if mask != 0 && (known || h.anyRange) {
		opts := c.record(2, 16)
		first, last := opts.u64(0), opts.u64(8)
		if mask == hasTo && !known {
			var err error
			c.block(func(ctx context.Context) { size, err = o.content.wait(ctx, math.MaxUint64) })
			if err != nil {
				return statusError
			}
			known = true
		}
		switch mask {
		case hasTo:
			if 1 <= last && last <= size {
				from = size - last
			}
		case hasFrom:
			if !known || first < size {
				from = first
			}
		default:
			if (!known || first < size && last < size) && first <= last {
				from, to = first, last+1
			}
		}
	}
	ctx, cancel := context.WithCancel(c.host.ctx)
	b := &body{}
	left := int64(-1)
	if known {
		left = int64(min(size, to) - from)
	}
	b.addSource(&source{r: &contentReader{ctx: ctx, cancel: cancel, c: o.content, at: from, upTo: to}, left: left})
	h.lastBody, h.handedOut = c.sb.addBody(b), true
	c.putU32(3, h.lastBody)
	return statusOK
}
