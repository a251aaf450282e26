package host

import "context"

func bodyCalls() map[string]hostCall {
	return map[string]hostCall{
		"new": {1, func(c *call) status {
			c.putU32(0, c.sb.addBody(&body{}))
			return statusOK
		}},
		"append":             {2, bodyAppend},
		"read":               {4, bodyRead},
		"write":              {5, bodyWrite},
		"close":              {1, bodyClose},
		"abandon":            {1, bodyAbandon},
		"known_length":       {2, bodyLength},
		"trailer_append":     {5, trailerAppend},
		"trailer_names_get":  {6, func(c *call) status { return c.trailers(func(h *headers) status { return h.callNamesGet(c, 1) }) }},
		"trailer_value_get":  {6, func(c *call) status { return c.trailers(func(h *headers) status { return h.callValueGet(c, 1) }) }},
		"trailer_values_get": {8, func(c *call) status { return c.trailers(func(h *headers) status { return h.callValuesGet(c, 1) }) }},
	}
}

// bodyAppend appends a whole body to what was written so far. It does not wait until the body has arrived.
func bodyAppend(c *call) status {
	to := c.sb.items.get(c.u32(0))
	if to.body == nil && to.out == nil || c.u32(0) == c.u32(1) {
		return statusBadHandle
	}
	from := c.sb.takeBody(c.u32(1))
	if to.body != nil {
		to.body.append(from)
		return statusOK
	}
	if to.out.append(from) != nil {
		from.discard()
		return statusError
	}
	return statusOK
}

func bodyRead(c *call) status {
	b, buf := c.sb.body(c.u32(0)), c.view(c.u32(1), c.u32(2))
	var n int
	var err error
	c.block(func(ctx context.Context) { n, err = b.read(ctx, buf) })
	if err != nil {
		c.host.verbosef("sandbox %d: reading a body: %v", c.sb.id, err)
		return explain(err).status()
	}
	c.putU32(3, uint32(n))
	return statusOK
}

const (
	endBack  = 0
	endFront = 1
)

func bodyWrite(c *call) status {
	item, data := c.sb.items.get(c.u32(0)), c.bytes(1)
	switch end := c.u32(3); {
	case end > endFront:
		return statusInval
	case item.body != nil && end == endFront:
		item.body.writeFront(data)
	case item.body != nil:
		item.body.settle()
		item.body.write(data)
	case item.out != nil && end == endBack:
		var err error
		c.block(func(ctx context.Context) { err = item.out.write(ctx, data) })
		if err != nil {
			return statusError
		}
	default:
		return statusBadHandle
	}
	c.putU32(4, uint32(len(data)))
	return statusOK
}

func bodyClose(c *call) status { return bodyEnd(c, (*pipe).finish) }

func bodyAbandon(c *call) status { return bodyEnd(c, (*pipe).abort) }

// bodyEnd invalidates a handle. end is called for a body that is being sent, to tell its reader.
func bodyEnd(c *call, end func(*pipe)) status {
	item := c.sb.items.get(c.u32(0))
	switch {
	case item.out != nil:
		end(item.out)
	case item.body != nil:
		item.body.discard()
	default:
		return statusBadHandle
	}
	c.sb.items.take(c.u32(0))
	return statusOK
}

func bodyLength(c *call) status {
	item := c.sb.items.get(c.u32(0))
	if item.out != nil {
		return statusNone
	}
	n, known := c.sb.body(c.u32(0)).length()
	if !known {
		return statusNone
	}
	c.putU64(1, n)
	return statusOK
}

func trailerAppend(c *call) status {
	item := c.sb.items.get(c.u32(0))
	if item.out != nil {
		item.out.mu.Lock()
		defer item.out.mu.Unlock()
		return item.out.trailers.callAppend(c, 1)
	}
	b := c.sb.body(c.u32(0))
	b.settle()
	return b.trailers.callAppend(c, 1)
}

// trailers calls use with the trailers, which are available once the body was read to its end.
func (c *call) trailers(use func(*headers) status) status {
	if c.sb.items.get(c.u32(0)).out != nil {
		return statusInval
	}
	b := c.sb.body(c.u32(0))
	if !b.settled() || !b.trailersDone {
		return statusAgain
	}
	return use(&b.trailers)
}
