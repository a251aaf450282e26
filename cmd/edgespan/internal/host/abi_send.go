package host

import (
	"context"
	"time"
)

func sendCalls() map[string]hostCall {
	return map[string]hostCall{
		"send":                      {6, func(c *call) status { return sendNow(c, -1, 4) }},
		"send_v2":                   {7, func(c *call) status { return sendNow(c, 4, 5) }},
		"send_v3":                   {7, func(c *call) status { return sendNow(c, 4, 5) }},
		"send_async":                {5, func(c *call) status { return sendLater(c, false, 4) }},
		"send_async_v2":             {6, func(c *call) status { return sendLater(c, c.u32(4) == 1, 5) }},
		"send_async_streaming":      {5, func(c *call) status { return sendLater(c, true, 4) }},
		"pending_req_poll":          {4, func(c *call) status { return pendingPoll(c, -1, 1) }},
		"pending_req_poll_v2":       {5, func(c *call) status { return pendingPoll(c, 1, 2) }},
		"pending_req_wait":          {3, func(c *call) status { return pendingWait(c, -1, 1) }},
		"pending_req_wait_v2":       {4, func(c *call) status { return pendingWait(c, 1, 2) }},
		"pending_req_select":        {5, func(c *call) status { return pendingSelect(c, -1, 2) }},
		"pending_req_select_v2":     {6, func(c *call) status { return pendingSelect(c, 2, 3) }},
		"pending_req_header_insert": {6, pendingHeader},
		"pending_req_header_append": {6, pendingHeader},
		"pending_req_header_remove": {4, pendingHeader},
	}
}

// pendingHeader would change a response that has not arrived yet. Only the platform's own proxying uses it.
func pendingHeader(*call) status { return statusUnsupported }

// backend finds an origin by name. The request and the body are taken first, as on the platform: their handles are invalid
// afterwards, even if the name is unknown.
func (c *call) backend(name string) *origin {
	if o := c.sb.origin(name); o != nil {
		return o
	}
	c.missingBackend("sent a request to backend", name)
	panic(statusInval)
}

func (c *call) missingBackend(did, name string) {
	known := append(sortedNames(c.host.origins), sortedNames(c.sb.dynamic)...)
	c.host.missing(did, name, known, "[local_server.backends.%s]")
}

func (sb *sandbox) origin(name string) *origin {
	if o, ok := sb.host.origins[name]; ok {
		return o
	}
	return sb.dynamic[name]
}

// sendNow sends a request and waits for the response. Argument detail points to the error's detail; the handles go to the addresses
// in arguments out and out+1.
func sendNow(c *call, detail, out int) status {
	name := c.str(2)
	req, b := c.sb.takeRequest(c.u32(0)), c.sb.takeBody(c.u32(1))
	p := c.host.send(c.backend(name), req, b)
	c.block(func(context.Context) { <-p.done })
	return c.deliver(p, detail, out)
}

func sendLater(c *call, streaming bool, out int) status {
	name := c.str(2)
	req := c.sb.takeRequest(c.u32(0))
	var b *body
	if streaming {
		b = c.sb.stream(c.u32(1))
	} else {
		b = c.sb.takeBody(c.u32(1))
	}
	p := c.host.send(c.backend(name), req, b)
	c.putU32(out, c.sb.items.add(&asyncItem{pending: p}))
	return statusOK
}

// deliver returns the result of a finished request to the guest.
func (c *call) deliver(p *pending, detail, out int) status {
	if detail >= 0 {
		p.err.put(c, detail)
	}
	if p.err != nil {
		return p.err.status()
	}
	resp := p.response
	b := resp.body
	resp.body = nil
	head, rest := c.sb.receive(resp, b)
	c.putU32(out, head)
	c.putU32(out+1, rest)
	return statusOK
}

// pollPatience is how long a poll waits before it answers 'not yet'. A guest polls in a loop with short sleeps. Waiting saves
// iterations of that loop, without a noticeable delay for the guest's other goroutines.
const pollPatience = 200 * time.Microsecond

func pendingPoll(c *call, detail, out int) status {
	p := c.sb.pendingRequest(c.u32(0))
	select {
	case <-p.done:
	default:
		c.block(func(context.Context) {
			timer := time.NewTimer(pollPatience)
			defer timer.Stop()
			select {
			case <-p.done:
			case <-timer.C:
			}
		})
	}
	select {
	case <-p.done:
		c.sb.items.take(c.u32(0))
		c.putU32(out, 1)
		return c.deliver(p, detail, out+1)
	default:
		c.putU32(out, 0)
		c.putU32(out+1, invalidHandle)
		c.putU32(out+2, invalidHandle)
		return statusOK
	}
}

func pendingWait(c *call, detail, out int) status {
	p := c.sb.pendingRequest(c.u32(0))
	c.sb.items.take(c.u32(0))
	c.block(func(context.Context) { <-p.done })
	return c.deliver(p, detail, out)
}

func pendingSelect(c *call, detail, out int) status {
	handles := c.handles(0)
	if len(handles) == 0 {
		return statusInval
	}
	for _, h := range handles {
		c.sb.pendingRequest(h)
	}
	i := c.selectOne(handles, 0)
	p := c.sb.items.take(handles[i]).pending
	c.putU32(out, uint32(i))
	if p.err != nil { // the guest learns which request it was, and that there is no response
		if detail >= 0 {
			p.err.put(c, detail)
		}
		c.putU32(out+1, invalidHandle)
		c.putU32(out+2, invalidHandle)
		return statusOK
	}
	return c.deliver(p, detail, out+1)
}
