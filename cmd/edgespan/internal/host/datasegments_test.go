package host

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
)

// module returns a module that has only a data section.
func module(section []byte) []byte {
	out := []byte("\x00asm\x01\x00\x00\x00\x0b")
	return append(binary.AppendUvarint(out, uint64(len(section))), section...)
}

func TestMergeData(t *testing.T) {
	seg := func(offset int64, data string) string {
		return "\x00\x41" + string(appendSigned(nil, offset)) + "\x0b" + string(rune(len(data))) + data
	}
	for _, tt := range []struct{ name, in, want string }{
		{"none", "\x00", "\x00"},
		{"neighbours", "\x02" + seg(8, "ab") + seg(10, "cd"), "\x01" + seg(8, "abcd")},
		{"small gap", "\x02" + seg(8, "ab") + seg(12, "cd"), "\x01" + seg(8, "ab\x00\x00cd")},
		{"large gap", "\x02" + seg(8, "ab") + seg(100000, "cd"), "\x02" + seg(8, "ab") + seg(100000, "cd")},
		{"jump back", "\x03" + seg(5000, "ab") + seg(8, "c") + seg(9, "d"), "\x02" + seg(5000, "ab") + seg(8, "cd")},
		{"overlap", "\x02" + seg(8, "abc") + seg(9, "x"), "\x02" + seg(8, "abc") + seg(9, "x")},
		{"gap over a segment", "\x03" + seg(9, "x") + seg(8, "a") + seg(12, "b"), "\x03" + seg(9, "x") + seg(8, "a") + seg(12, "b")},
		{"passive", "\x01\x01\x01a", "\x01\x01\x01a"},
		{"upper half of memory", "\x01" + seg(-65536, "a"), "\x01" + seg(-65536, "a")},
		{"cut off", "\x02" + seg(8, "ab"), "\x02" + seg(8, "ab")},
		{"too long", "\x01\x00\x41\x00\x0b\x7fab", "\x01\x00\x41\x00\x0b\x7fab"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, module([]byte(tt.want)), mergeData(module([]byte(tt.in))))
		})
	}
}

func FuzzMergeData(f *testing.F) {
	f.Add([]byte("\x02\x00\x41\x08\x0b\x01a\x00\x41\x09\x0b\x01b"))
	f.Add([]byte("\x01\x00\x41\xff\xff\xff\xff\xff\x0b\x01a"))
	f.Fuzz(func(t *testing.T, section []byte) {
		mergeData(module(section))
		mergeData(append([]byte("\x00asm\x01\x00\x00\x00"), section...))
	})
}
