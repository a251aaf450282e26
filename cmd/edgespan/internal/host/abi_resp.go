package host

import (
	"context"
	"net/netip"
)

func responseCalls() map[string]hostCall {
	head := func(use func(h *headers, c *call, i int) status) hostFunc {
		return func(c *call) status { return use(&c.sb.responses.get(c.u32(0)).header, c, 1) }
	}
	return map[string]hostCall{
		"new": {1, func(c *call) status {
			c.putU32(0, c.sb.responses.add(&response{status: 200, version: version11}))
			return statusOK
		}},
		"header_names_get":  {6, head((*headers).callNamesGet)},
		"header_value_get":  {6, head((*headers).callValueGet)},
		"header_values_get": {8, head((*headers).callValuesGet)},
		"header_values_set": {5, head((*headers).callValuesSet)},
		"header_insert":     {5, head((*headers).callInsert)},
		"header_append":     {5, head((*headers).callAppend)},
		"header_remove":     {3, head((*headers).callRemove)},
		"version_get": {2, func(c *call) status {
			c.putU32(1, c.sb.responses.get(c.u32(0)).version)
			return statusOK
		}},
		"version_set": {2, func(c *call) status {
			if c.u32(1) > versionH3 {
				return statusInval
			}
			c.sb.responses.get(c.u32(0)).version = c.u32(1)
			return statusOK
		}},
		"status_get": {2, func(c *call) status {
			c.putU16(1, uint16(c.sb.responses.get(c.u32(0)).status))
			return statusOK
		}},
		"status_set": {2, func(c *call) status {
			resp := c.sb.responses.get(c.u32(0))
			if s := c.u32(1); s < 100 || s > 999 {
				return statusInval
			}
			resp.status = int(c.u32(1))
			return statusOK
		}},
		"framing_headers_mode_set": {2, func(c *call) status {
			if c.u32(1) > 1 {
				return statusInval
			}
			c.sb.responses.get(c.u32(0)).manual = c.u32(1) == 1
			return statusOK
		}},
		"http_keepalive_mode_set": {2, func(c *call) status {
			if c.u32(1) == 0 {
				return statusOK
			}
			return statusUnsupported
		}},
		"close": {1, func(c *call) status {
			c.sb.responses.take(c.u32(0))
			return statusOK
		}},
		"send_downstream":         {3, sendDownstream},
		"send_downstream_pending": {1, sendDownstreamPending},
		"get_addr_dest_ip": {3, func(c *call) status {
			if resp := c.sb.responses.get(c.u32(0)); resp.pass && resp.remote.IsValid() {
				return c.putIP(1, resp.remote.Addr())
			}
			return statusNone // as on the platform, which answers only for requests that bypass the cache
		}},
		"get_addr_dest_port": {2, func(c *call) status {
			if resp := c.sb.responses.get(c.u32(0)); resp.pass && resp.remote.IsValid() {
				c.putU16(1, resp.remote.Port())
				return statusOK
			}
			return statusNone
		}},
	}
}

// putIP writes the address to the buffer at argument i, and its size to the address in argument i+1.
func (c *call) putIP(i int, addr netip.Addr) status {
	octets := addr.Unmap().AsSlice()
	copy(c.view(c.u32(i), uint32(len(octets))), octets)
	c.putU32(i+1, uint32(len(octets)))
	return statusOK
}

// sendDownstream sends a response to the client. If the body is streaming, its handle becomes the body's write end; otherwise the
// body is what was written so far. After early hints the guest's handles stay valid.
func sendDownstream(c *call) status {
	resp := c.sb.responses.get(c.u32(0))
	c.sb.body(c.u32(1))
	switch {
	case c.sb.answered:
		return statusError
	case resp.status == 103:
		hint := answer{status: resp.status, header: append(headers(nil), resp.header...)}
		c.block(func(context.Context) { c.sb.respond(hint) })
		return statusOK
	case resp.status < 200:
		return statusInval
	}
	c.sb.responses.take(c.u32(0))
	a := answer{status: resp.status, header: resp.header, manual: resp.manual}
	if c.u32(2) == 1 {
		a.body = c.sb.stream(c.u32(1))
	} else {
		a.body = c.sb.takeBody(c.u32(1))
	}
	c.block(func(context.Context) { c.sb.respond(a) })
	return statusOK
}

func sendDownstreamPending(c *call) status {
	p := c.sb.pendingRequest(c.u32(0))
	if c.sb.answered {
		return statusError
	}
	c.sb.items.take(c.u32(0))
	c.sb.respond(answer{pending: p})
	return statusOK
}
