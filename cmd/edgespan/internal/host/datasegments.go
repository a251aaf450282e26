package host

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// mergeGap is how many zero bytes are added to save one segment.
const mergeGap = 4 << 10

// mergeData returns the module with its data segments merged. Go's linker leaves out runs of zeros, and so makes thousands of
// segments. Copying them one by one is most of the work of making an instance. If a module has anything unusual, it is returned
// unchanged.
func mergeData(wasm []byte) []byte {
	const (
		dataSection      = 11
		dataCountSection = 12
	)
	out := append([]byte(nil), wasm[:8]...)
	for at := 8; at < len(wasm); {
		r := wasmReader{b: wasm, at: at + 1}
		size := r.uint()
		start, end := r.at, r.at+int(size)
		if r.bad || end > len(wasm) || end < start {
			return wasm
		}
		switch wasm[at] {
		case dataCountSection: // instructions refer to segments by number
			return wasm
		case dataSection:
			merged, ok := mergeSegments(wasm[start:end])
			if !ok {
				return wasm
			}
			out = append(out, dataSection)
			out = binary.AppendUvarint(out, uint64(len(merged)))
			out = append(out, merged...)
		default:
			out = append(out, wasm[at:end]...)
		}
		at = end
	}
	return out
}

type segment struct {
	offset int64
	data   []byte
}

func mergeSegments(section []byte) ([]byte, bool) {
	const (
		active   = 0
		i32Const = 0x41
		end      = 0x0B
	)
	r := wasmReader{b: section}
	n := r.uint()
	var merged []segment
	for ; n > 0 && !r.bad; n-- {
		if r.uint() != active || r.byte() != i32Const {
			return nil, false
		}
		offset := int64(uint32(r.int()))
		if r.byte() != end {
			return nil, false
		}
		data := r.bytes(r.uint())
		if r.bad {
			return nil, false
		}
		if len(merged) > 0 {
			last := &merged[len(merged)-1]
			gap := offset - (last.offset + int64(len(last.data)))
			if 0 <= gap && gap <= mergeGap {
				last.data = append(append(last.data, make([]byte, gap)...), data...)
				continue
			}
		}
		merged = append(merged, segment{offset, append([]byte(nil), data...)})
	}
	if r.bad || r.at != len(section) || overlap(merged) {
		return nil, false
	}
	out := binary.AppendUvarint(nil, uint64(len(merged)))
	for _, s := range merged {
		out = append(out, active, i32Const)
		out = appendSigned(out, int64(int32(uint32(s.offset))))
		out = append(out, end)
		out = binary.AppendUvarint(out, uint64(len(s.data)))
		out = append(out, s.data...)
	}
	return out, true
}

// overlap tells whether two segments contain the same address, so that their order matters.
func overlap(segments []segment) bool {
	sorted := slices.SortedFunc(slices.Values(segments), func(a, b segment) int { return cmp.Compare(a.offset, b.offset) })
	for i := 1; i < len(sorted); i++ {
		if before := sorted[i-1]; before.offset+int64(len(before.data)) > sorted[i].offset {
			return true
		}
	}
	return false
}

// wasmReader reads the parts of a module. It becomes invalid at the first part that is cut off or too long.
type wasmReader struct {
	b   []byte
	at  int
	bad bool
}

func (r *wasmReader) byte() byte {
	if r.at >= len(r.b) {
		r.bad = true
		return 0
	}
	r.at++
	return r.b[r.at-1]
}

func (r *wasmReader) bytes(n uint64) []byte {
	if r.bad || n > uint64(len(r.b)-r.at) {
		r.bad = true
		return nil
	}
	r.at += int(n)
	return r.b[r.at-int(n) : r.at]
}

// uint reads an unsigned LEB128 number of at most 32 bits.
func (r *wasmReader) uint() uint64 {
	var v uint64
	for shift := 0; shift < 35; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7F) << shift
		if b < 0x80 {
			return v
		}
	}
	r.bad = true
	return 0
}

// int reads a signed LEB128 number of at most 32 bits.
func (r *wasmReader) int() int64 {
	var v int64
	for shift := 0; shift < 35; shift += 7 {
		b := r.byte()
		v |= int64(b&0x7F) << shift
		if b < 0x80 {
			if b&0x40 != 0 {
				v |= -1 << (shift + 7)
			}
			return v
		}
	}
	r.bad = true
	return 0
}

func appendSigned(out []byte, v int64) []byte {
	for {
		b := byte(v & 0x7F)
		v >>= 7
		if v == 0 && b&0x40 == 0 || v == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}
