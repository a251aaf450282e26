package host

import (
	"context"
	"encoding/binary"
	"time"
	"unicode/utf8"

	"github.com/tetratelabs/wazero/api"
)

// call is one host call in progress: its arguments, and the guest's memory.
//
// The accessors abort the call when the guest passed a pointer outside its memory: they panic with a status, which
// run turns into the call's answer. So the implementations read as straight lines, and no check can be forgotten.
type call struct {
	host *Host
	sb   *sandbox
	mem  api.Memory
	args []uint64
}

// hostFunc implements one host call.
type hostFunc func(*call) status

func (c *call) run(fn hostFunc) (answer status) {
	defer func() {
		if r := recover(); r != nil {
			s, ok := r.(status)
			if !ok {
				panic(r) // a mistake of ours: the engine turns it into an error of this sandbox
			}
			answer = s
		}
	}()
	return fn(c)
}

// throw aborts the call with the status.
func throw(s status) { panic(s) }

func (c *call) u32(i int) uint32 { return uint32(c.args[i]) }
func (c *call) u64(i int) uint64 { return c.args[i] }

// bytes is the guest's memory at the pointer and length in arguments i and i+1. It is a view: good during this call.
func (c *call) bytes(i int) []byte { return c.view(c.u32(i), c.u32(i+1)) }

// str is bytes for what the ABI calls a string, which must be UTF-8.
func (c *call) str(i int) string { return c.text(c.u32(i), c.u32(i+1)) }

func (c *call) view(ptr, n uint32) []byte {
	b, ok := c.mem.Read(ptr, n)
	if !ok {
		throw(statusInval)
	}
	return b
}

func (c *call) text(ptr, n uint32) string {
	b := c.view(ptr, n)
	if !utf8.Valid(b) {
		throw(statusInval)
	}
	return string(b)
}

// record is the struct of the given size that argument i points to.
func (c *call) record(i int, size uint32) record {
	ptr := c.u32(i)
	if ptr%4 != 0 {
		throw(statusBadAlign)
	}
	return c.view(ptr, size)
}

// record is a struct in the guest's memory.
type record []byte

func (r record) u32(at int) uint32       { return binary.LittleEndian.Uint32(r[at:]) }
func (r record) u64(at int) uint64       { return binary.LittleEndian.Uint64(r[at:]) }
func (r record) putU16(at int, v uint16) { binary.LittleEndian.PutUint16(r[at:], v) }
func (r record) putU32(at int, v uint32) { binary.LittleEndian.PutUint32(r[at:], v) }

func (c *call) putU16(i int, v uint16) {
	ptr := c.u32(i)
	if ptr%2 != 0 {
		throw(statusBadAlign)
	}
	if !c.mem.WriteUint16Le(ptr, v) {
		throw(statusInval)
	}
}

func (c *call) putU32(i int, v uint32) {
	ptr := c.u32(i)
	if ptr%4 != 0 {
		throw(statusBadAlign)
	}
	if !c.mem.WriteUint32Le(ptr, v) {
		throw(statusInval)
	}
}

// putBool writes an answer of yes or no, which is all that a call has to say.
func (c *call) putBool(i int, v bool) status {
	c.putU32(i, truth(v))
	return statusOK
}

func (c *call) putU64(i int, v uint64) {
	ptr := c.u32(i)
	if ptr%8 != 0 {
		throw(statusBadAlign)
	}
	if !c.mem.WriteUint64Le(ptr, v) {
		throw(statusInval)
	}
}

// fill writes v to the buffer whose pointer and size are arguments i and i+1, and its length to where argument i+2
// points. A buffer too small gets the length it needs to have.
func (c *call) fill(i int, v string) status {
	if uint64(len(v)) > uint64(c.u32(i+1)) {
		c.putU32(i+2, uint32(len(v)))
		return statusBufLen
	}
	copy(c.view(c.u32(i), uint32(len(v))), v)
	c.putU32(i+2, uint32(len(v)))
	return statusOK
}

// fillMany writes as many of the values as fit, each ended by a zero byte. The arguments from i on are: buffer, its
// size, the number of values to skip, where to write the number to skip next time (-1 at the end), and where to
// write how many bytes were written.
func (c *call) fillMany(i int, values []string) status {
	size, skip := uint64(c.u32(i+1)), uint64(c.u32(i+2))
	buf := c.view(c.u32(i), c.u32(i+1))
	next, n := int64(-1), uint64(0)
	for at := skip; at < uint64(len(values)); at++ {
		v := values[at]
		if n+uint64(len(v))+1 > size {
			if n == 0 {
				c.putCursor(i+3, -1)
				c.putU32(i+4, uint32(len(v)+1))
				return statusBufLen
			}
			next = int64(at)
			break
		}
		n += uint64(copy(buf[n:], v))
		buf[n] = 0
		n++
	}
	c.putCursor(i+3, next)
	c.putU32(i+4, uint32(n))
	return statusOK
}

func (c *call) putCursor(i int, v int64) {
	if c.u32(i) != 0 {
		c.putU64(i, uint64(v))
	}
}

// block runs what may wait for the world outside, and does not charge the time to the guest.
func (c *call) block(wait func(ctx context.Context)) {
	start := time.Now()
	wait(c.sb.ctx)
	c.sb.idle.Add(int64(time.Since(start)))
}
