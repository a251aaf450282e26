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
// The accessors abort the call if the guest passed a pointer outside its memory: they panic with a status, which run returns as the
// result of the call. So the implementations have no error paths for arguments, and cannot forget a check.
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
				panic(r) // a mistake in the host: the engine turns it into an error of this sandbox
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

// bytes returns the guest's memory at the pointer and length in arguments i and i+1. The slice is valid during this call.
func (c *call) bytes(i int) []byte { return c.view(c.u32(i), c.u32(i+1)) }

// str is bytes for a string of the ABI, which must be UTF-8.
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

// record returns the struct of the given size to which argument i points.
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

// putBool writes a boolean result.
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

// fill writes v to the buffer whose pointer and size are arguments i and i+1, and its length to the address in argument i+2. If the
// buffer is too small, it writes only the length.
func (c *call) fill(i int, v string) status {
	if uint64(len(v)) > uint64(c.u32(i+1)) {
		c.putU32(i+2, uint32(len(v)))
		return statusBufLen
	}
	copy(c.view(c.u32(i), uint32(len(v))), v)
	c.putU32(i+2, uint32(len(v)))
	return statusOK
}

// fillMany writes as many of the values as fit, each with a zero byte at its end. The arguments from i on are: the buffer, its
// size, the number of values to skip, the address for the number to skip next time (-1 at the end), and the address for the number
// of bytes written.
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

// block runs a function that may wait for something outside of the guest. That time does not count as the guest's.
func (c *call) block(wait func(ctx context.Context)) {
	start := time.Now()
	wait(c.sb.ctx)
	c.sb.idle.Add(int64(time.Since(start)))
}
