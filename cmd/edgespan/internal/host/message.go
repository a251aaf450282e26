package host

import "net/netip"

// HTTP versions of the ABI.
const (
	version09 = iota
	version10
	version11
	versionH2
	versionH3
)

func versionOf(major, minor int) uint32 {
	switch {
	case major == 3:
		return versionH3
	case major == 2:
		return versionH2
	case major == 1 && minor == 0:
		return version10
	}
	return version11
}

// request is the head of a request: the client's, or one that the guest makes.
type request struct {
	method, uri string
	version     uint32
	header      headers
	manual      bool // the guest sets the framing headers itself
	decompress  bool // decompress a gzip response
	pass        bool // the guest asked not to cache
}

// requestSlot is the object of a request handle. It keeps what is known about a client's request even after the guest has sent its
// head away.
type requestSlot struct {
	req *request
	ex  *exchange
}

// response is a response of a backend, or one that the guest makes.
type response struct {
	status  int
	version uint32
	header  headers
	manual  bool
	body    *body          // until the guest has its handle
	pass    bool           // the request asked not to cache
	remote  netip.AddrPort // the backend's address
}

func (sb *sandbox) request(h uint32) *request {
	if slot := sb.requests.get(h); slot.req != nil {
		return slot.req
	}
	panic(statusBadHandle)
}

func (sb *sandbox) takeRequest(h uint32) *request {
	req, slot := sb.request(h), sb.requests.get(h)
	if slot.req = nil; slot.ex == nil {
		sb.requests.take(h)
	}
	return req
}

// client returns the exchange of the request whose handle is argument 0. The guest's own requests have none.
func (c *call) client() *exchange {
	if slot := c.sb.requests.get(c.u32(0)); slot.ex != nil {
		return slot.ex
	}
	panic(statusError)
}
