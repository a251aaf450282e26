package host

import (
	"context"
	"io"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

// kvResult is the result of a store operation, for which the guest has to wait. The stores are in memory, so the guest never really
// waits.
type kvResult struct {
	code kvCode
	item kvItem
	page []byte
}

func kvCalls() map[string]hostCall {
	return map[string]hostCall{
		"open":           {3, kvOpen},
		"lookup":         {6, func(c *call) status { return c.kvResult(5, c.kvLookup(statusInval)) }},
		"lookup_wait":    {7, func(c *call) status { return kvLookupWait(c, false) }},
		"lookup_wait_v2": {7, func(c *call) status { return kvLookupWait(c, true) }},
		"insert":         {7, kvInsert},
		"insert_wait":    {2, kvCodeWait},
		"delete":         {6, func(c *call) status { return c.kvResult(5, c.kvDelete(statusInval)) }},
		"delete_wait":    {2, kvCodeWait},
		"list":           {4, kvList},
		"list_wait": {3, func(c *call) status {
			r := c.takeKV()
			if r.code == kvOK {
				c.putU32(1, c.sb.addBody(bodyOf(r.page)))
			}
			c.putU32(2, uint32(r.code))
			return statusOK
		}},
	}
}

// objectCalls are the KV store's calls under its first name, which have no error codes.
func objectCalls() map[string]hostCall {
	found := func(c *call, i int, r *kvResult) status {
		if r.code == kvOK { // otherwise the guest keeps the invalid handle that it stored there
			c.putU32(i, c.sb.addBody(bodyOf(r.item.data)))
		}
		return statusOK
	}
	insert := func(c *call) *kvResult {
		store, key := c.sb.kvs.get(c.u32(0)), c.kvKey(statusError)
		return &kvResult{code: (*store).insert(key, kvInsertion{data: c.wholeBody(c.u32(3))})}
	}
	return map[string]hostCall{
		"open":                {3, kvOpen},
		"lookup":              {4, func(c *call) status { return found(c, 3, c.kvLookup(statusError)) }},
		"lookup_async":        {4, func(c *call) status { return c.kvResult(3, c.kvLookup(statusError)) }},
		"pending_lookup_wait": {2, func(c *call) status { return found(c, 1, c.takeKV()) }},
		"insert": {4, func(c *call) status {
			insert(c)
			return statusOK
		}},
		"insert_async": {5, func(c *call) status { return c.kvResult(4, insert(c)) }},
		"pending_insert_wait": {1, func(c *call) status {
			c.takeKV()
			return statusOK
		}},
		"delete_async": {4, func(c *call) status { return c.kvResult(3, c.kvDelete(statusError)) }},
		"pending_delete_wait": {1, func(c *call) status {
			if c.takeKV().code != kvOK {
				return statusNone
			}
			return statusOK
		}},
	}
}

func kvOpen(c *call) status {
	store, ok := named(c, "KV store", c.host.kv, "[[local_server.kv_stores.%s]]")
	if !ok {
		return statusInval
	}
	c.putU32(2, c.sb.kvs.open(c.str(0), store, nil))
	return statusOK
}

// kvKey reads the key in arguments 1 and 2. If the key is invalid, it aborts the call with status bad.
func (c *call) kvKey(bad status) string {
	key := c.str(1)
	if manifest.CheckKVKey(key) != "" {
		throw(bad)
	}
	return key
}

func (c *call) kvLookup(bad status) *kvResult {
	store := c.sb.kvs.get(c.u32(0))
	item, ok := (*store).lookup(c.kvKey(bad))
	if !ok {
		return &kvResult{code: kvNotFound}
	}
	return &kvResult{code: kvOK, item: item}
}

func (c *call) kvDelete(bad status) *kvResult {
	store := c.sb.kvs.get(c.u32(0))
	if !(*store).remove(c.kvKey(bad)) {
		return &kvResult{code: kvNotFound}
	}
	return &kvResult{code: kvOK}
}

// kvResult gives the guest a handle for the result.
func (c *call) kvResult(i int, r *kvResult) status {
	c.putU32(i, c.sb.items.add(&asyncItem{kv: r}))
	return statusOK
}

func (c *call) takeKV() *kvResult {
	r := c.sb.items.get(c.u32(0)).kv
	if r == nil {
		throw(statusBadHandle)
	}
	c.sb.items.take(c.u32(0))
	return r
}

func kvCodeWait(c *call) status {
	c.putU32(1, uint32(c.takeKV().code))
	return statusOK
}

// kvLookupWait returns body, metadata and generation. The first version of the call always returns zero as the generation.
func kvLookupWait(c *call, generation bool) status {
	item := c.sb.items.get(c.u32(0)).kv
	if item == nil {
		return statusBadHandle
	}
	if item.code == kvOK {
		if s := c.fill(2, item.item.metadata); s != statusOK {
			return s // the handle stays valid, so that the guest can try again with a larger buffer
		}
		c.putU32(1, c.sb.addBody(bodyOf(item.item.data)))
		if generation {
			c.putU64(5, item.item.generation)
		} else {
			c.putU32(5, 0)
		}
	}
	c.takeKV()
	c.putU32(6, uint32(item.code))
	return statusOK
}

// Bits of kv_insert_config_options.
const (
	kvHasMetadata   = 1 << 3
	kvHasTTL        = 1 << 4
	kvHasGeneration = 1 << 5
)

func kvInsert(c *call) status {
	store, key := c.sb.kvs.get(c.u32(0)), c.kvKey(statusInval)
	mask, cfg := c.u32(4), c.record(5, 32)
	in := kvInsertion{mode: kvMode(cfg.u32(0))}
	if in.mode > kvPrepend {
		return statusInval
	}
	if mask&kvHasMetadata != 0 {
		if cfg.u32(12) == 0 {
			return statusInval
		}
		in.metadata = c.text(cfg.u32(8), cfg.u32(12))
	}
	if mask&kvHasTTL != 0 {
		in.ttl = time.Duration(cfg.u32(16)) * time.Second
		if in.ttl == 0 {
			in.ttl = 1 // it expires at once
		}
	}
	if mask&kvHasGeneration != 0 {
		g := cfg.u64(24)
		in.generation = &g
	}
	in.data = c.wholeBody(c.u32(3))
	return c.kvResult(6, &kvResult{code: (*store).insert(key, in)})
}

// Bits of kv_list_config_options.
const (
	kvHasCursor = 1 << 1
	kvHasLimit  = 1 << 2
	kvHasPrefix = 1 << 3
)

func kvList(c *call) status {
	store := c.sb.kvs.get(c.u32(0))
	mask, cfg := c.u32(1), c.record(2, 24)
	text := func(bit uint32, at int) *string {
		if mask&bit == 0 {
			return nil
		}
		if cfg.u32(at+4) == 0 {
			throw(statusInval)
		}
		s := c.text(cfg.u32(at), cfg.u32(at+4))
		return &s
	}
	limit := uint32(kvListLimit)
	if mask&kvHasLimit != 0 {
		limit = cfg.u32(12)
	}
	var r kvResult
	r.page, r.code = (*store).list(text(kvHasCursor, 4), text(kvHasPrefix, 16), limit)
	return c.kvResult(3, &r)
}

// wholeBody takes a body from the guest and waits until it is complete.
func (c *call) wholeBody(h uint32) []byte {
	b := c.sb.takeBody(h)
	var data []byte
	var err error
	c.block(func(ctx context.Context) { data, err = io.ReadAll(reader{ctx, b}) })
	if err != nil {
		throw(explain(err).status())
	}
	return data
}

// bodyOf returns a body with these bytes, which nobody may change.
func bodyOf(data []byte) *body {
	b := &body{}
	if len(data) > 0 {
		b.chunks = []chunk{{data: data[:len(data):len(data)]}}
	}
	return b
}
