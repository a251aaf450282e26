package host

// table numbers the objects of a guest. Numbers are not reused, so a stale handle finds nothing.
type table[T any] struct {
	items map[uint32]*T
	next  uint32
}

func (t *table[T]) add(v *T) uint32 {
	if t.items == nil {
		t.items = map[uint32]*T{}
	}
	h := t.next
	t.items[h] = v
	t.next++
	return h
}

// get returns the object of the handle, and aborts the call if there is none.
func (t *table[T]) get(h uint32) *T {
	if v := t.peek(h); v != nil {
		return v
	}
	panic(statusBadHandle)
}

func (t *table[T]) peek(h uint32) *T { return t.items[h] }

// take is get, and makes the handle invalid.
func (t *table[T]) take(h uint32) *T {
	v := t.get(h)
	delete(t.items, h)
	return v
}

// names is a table of objects that have names, and that a guest cannot close. A name has one handle, however often it is opened.
type names[T any] struct {
	table[T]
	handles map[string]uint32
}

// open returns the handle of the object with a name. If same is false, the object that had the name is not this one.
func (n *names[T]) open(name string, v T, same func(T) bool) uint32 {
	if h, is := n.handles[name]; is && (same == nil || same(*n.items[h])) {
		return h
	}
	if n.handles == nil {
		n.handles = map[string]uint32{}
	}
	n.handles[name] = n.add(&v)
	return n.handles[name]
}

// asyncItem is anything that a guest can wait for. All kinds share one table, so that one select call can wait for all. Exactly one
// of the fields is set.
type asyncItem struct {
	body    *body
	out     *pipe // the write end of a body that is being sent
	pending *pending
	promise *promise
	kv      *kvResult
	cache   *cacheHandle
}

// ready returns a channel that is closed when an operation on the item would not wait.
func (a *asyncItem) ready() <-chan struct{} {
	switch {
	case a.body != nil:
		return a.body.ready()
	case a.out != nil:
		return a.out.writable()
	case a.pending != nil:
		return a.pending.done
	case a.promise != nil:
		return a.promise.done
	case a.cache != nil:
		return a.cache.ready()
	}
	return closed
}

// closed is always ready.
var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (sb *sandbox) addBody(b *body) uint32 { return sb.items.add(&asyncItem{body: b}) }

// body returns the readable body of the handle.
func (sb *sandbox) body(h uint32) *body {
	if b := sb.peekBody(h); b != nil {
		return b
	}
	panic(statusBadHandle)
}

// peekBody is body, but returns nil if the guest has closed it.
func (sb *sandbox) peekBody(h uint32) *body {
	if item := sb.items.peek(h); item != nil {
		return item.body
	}
	return nil
}

func (sb *sandbox) takeBody(h uint32) *body {
	b := sb.body(h)
	sb.items.take(h)
	return b
}

// stream turns the body of the handle into the write end of a pipe. It returns the body for the reader: what was written so far,
// followed by the pipe.
func (sb *sandbox) stream(h uint32) *body {
	b := sb.body(h)
	p := newPipe()
	sb.items.items[h] = &asyncItem{out: p}
	b.addPipe(p)
	return b
}

func (sb *sandbox) pendingRequest(h uint32) *pending {
	if p := sb.items.get(h).pending; p != nil {
		return p
	}
	panic(statusBadHandle)
}
