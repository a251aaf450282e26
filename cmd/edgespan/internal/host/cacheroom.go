package host

import "container/list"

const (
	cacheBytes  = 256 << 20 // the size of the cache; above it the oldest objects are dropped
	objectBytes = 16 << 10  // an object counts as at least this much, so that the number of objects is bounded too
)

// room is what the objects of a cache take, kept so that an insert does not have to look at all of them.
type room struct {
	limit   int                       // in bytes
	used    int                       // the sum of the objects' cost
	order   list.List                 // of the slots that have an object, the one written last at the end
	growing map[*cacheObject]struct{} // those that are still being written
	entered int                       // objects since the last sweep
}

// enter counts the object of a slot, as the newest.
func (r *room) enter(s *cacheSlot) {
	s.place = r.order.PushBack(s)
	if r.growing == nil {
		r.growing = map[*cacheObject]struct{}{}
	}
	r.growing[s.object] = struct{}{}
	r.entered++
	for o := range r.growing {
		held, done := o.content.held()
		cost := max(held, objectBytes)
		r.used += cost - o.cost
		if o.cost = cost; done {
			delete(r.growing, o)
		}
	}
}

// leave takes the object out of a slot, if it has one.
func (r *room) leave(s *cacheSlot) {
	if s.object == nil {
		return
	}
	r.order.Remove(s.place)
	r.used -= s.object.cost
	delete(r.growing, s.object)
	s.object, s.place = nil, nil
}

// forget removes the object of a slot. The lock is held.
func (ca *cache) forget(s *cacheSlot) {
	ca.room.leave(s)
	ca.prune(s)
}

// prune removes a slot that has nothing in it. The lock is held.
func (ca *cache) prune(s *cacheSlot) {
	if s.object != nil || s.owed != nil {
		return
	}
	delete(s.key.slots, s.name)
	if len(s.key.slots) == 0 {
		delete(ca.keys, s.key.name)
	}
}

// trim removes the oldest objects while there are too many, but never the newest, which is being written. Objects that are too old to
// be used are removed when more than half of the objects are newer than the last time. The lock is held.
func (ca *cache) trim() {
	r := &ca.room
	if 2*r.entered > r.order.Len() {
		r.entered = 0
		for e := r.order.Front(); e != nil; {
			s := e.Value.(*cacheSlot)
			e = e.Next()
			if !s.object.usable() && s.owed == nil {
				ca.forget(s)
			}
		}
	}
	for r.used > r.limit && r.order.Len() > 1 {
		ca.forget(r.order.Front().Value.(*cacheSlot))
	}
}
