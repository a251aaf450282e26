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
	manual      bool // framing headers are the guest's
	decompress  bool // a gzip response is to be decompressed
	pass        bool // the guest asked for no caching
}

// requestSlot is what a request handle stands for. What is known of a client's request outlives its head, which the
// guest may have sent away.
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
	body    *body          // only until the guest has its handle
	pass    bool           // of a request that asked for no caching
	remote  netip.AddrPort // the backend's address
}

func (sb *sandbox) request(h uint32) *request {
	if slot := sb.requests.get(h); slot.req != nil {
		return slot.req
	}
	panic(statusBadHandle)
}

func (sb *sandbox) takeRequest(h uint32) *request {
	req := sb.request(h)
	sb.requests.get(h).req = nil
	return req
}

// client is the exchange of the request whose handle is argument 0; the guest's own requests have none.
func (c *call) client() *exchange {
	if slot := c.sb.requests.get(c.u32(0)); slot.ex != nil {
		return slot.ex
	}
	panic(statusError)
}
