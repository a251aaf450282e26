package host

import (
	"context"
	"encoding/binary"
	"reflect"
	"time"
)

// maxSelect is how many handles one call may wait for.
const maxSelect = 1 << 14

func asyncCalls() map[string]hostCall {
	return map[string]hostCall{
		"select": {4, func(c *call) status {
			handles, timeout := c.handles(0), time.Duration(c.u32(2))*time.Millisecond
			if len(handles) == 0 && timeout == 0 {
				return statusInval
			}
			c.putU32(3, uint32(c.selectOne(handles, timeout)))
			return statusOK
		}},
		"is_ready": {2, func(c *call) status {
			select {
			case <-c.sb.items.get(c.u32(0)).ready():
				return c.putBool(1, true)
			default:
				return c.putBool(1, false)
			}
		}},
	}
}

// handles reads an array of handles at the pointer and count in arguments i and i+1.
func (c *call) handles(i int) []uint32 {
	n := c.u32(i + 1)
	if n > maxSelect {
		throw(statusInval)
	}
	if c.u32(i)%4 != 0 {
		throw(statusBadAlign)
	}
	raw := c.view(c.u32(i), n*4)
	out := make([]uint32, n)
	for j := range out {
		out[j] = binary.LittleEndian.Uint32(raw[4*j:])
	}
	return out
}

// selectOne waits until one of the items is ready and returns its index, or -1 after the timeout. A timeout of zero means none.
func (c *call) selectOne(handles []uint32, timeout time.Duration) int {
	cases := make([]reflect.SelectCase, len(handles), len(handles)+2)
	for i, h := range handles {
		ready := c.sb.items.get(h).ready()
		select {
		case <-ready:
			return i
		default:
		}
		cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ready)}
	}
	won := -1
	c.block(func(ctx context.Context) {
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())})
		if timeout > 0 {
			timer := time.NewTimer(timeout)
			defer timer.Stop()
			cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(timer.C)})
		}
		won, _, _ = reflect.Select(cases)
	})
	if won >= len(handles) {
		if timeout == 0 { // the host is closing
			throw(statusError)
		}
		return -1
	}
	return won
}
