package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// keyCache holds attribute keys as they are written, up to the first byte of the value. A service sets the same few keys
// on every request, mostly from constants, where comparing two strings is comparing two pointers: a look-up then takes the
// place of checking and quoting. A key that falls on another's place replaces it. Nothing in it is allocated.
type keyCache [64]struct {
	key     string
	kind    trace.ValueKind
	length  uint8
	encoded [maxCachedKey + len(keyOpen) + len(keyClose) + len(stringOpen)]byte
}

// maxCachedKey is as long as the names of semantic conventions get.
const maxCachedKey = 48

const (
	keyOpen     = `{"key":"`
	keyClose    = `","value":{"`
	stringOpen  = `stringValue":"`
	stringClose = `"}}`
	intOpen     = `intValue":"`
)

// append appends {"key":"…","value":{" and, for strings and integers, what stands before the value itself.
func (c *keyCache) append(dst []byte, key string, kind trace.ValueKind) []byte {
	n := len(key)
	if n == 0 || n > maxCachedKey {
		return appendKey(dst, key, kind)
	}
	slot := &c[(n*7+int(key[n-1])*3+int(key[n>>1]))&(len(c)-1)]
	if slot.key != key || slot.kind != kind {
		encoded := appendKey(slot.encoded[:0], key, kind)
		if len(encoded) > len(slot.encoded) { // escapes have made it longer
			return append(dst, encoded...)
		}
		slot.key, slot.kind, slot.length = key, kind, uint8(len(encoded))
	}
	return append(dst, slot.encoded[:slot.length]...)
}

func appendKey(dst []byte, key string, kind trace.ValueKind) []byte {
	dst = append(dst, keyOpen...)
	dst = json.AppendText(dst, key)
	dst = append(dst, keyClose...)
	switch kind {
	case trace.KindString:
		dst = append(dst, stringOpen...)
	case trace.KindInt:
		dst = append(dst, intOpen...)
	}
	return dst
}

// timeCache holds what a span's two times looked like when the second last changed: a request is mostly within one, and
// then only the nine digits below it differ.
type timeCache struct {
	second uint64
	text   [len(times)]byte
}

const (
	times      = `,"startTimeUnixNano":"` + tenDigits + nineDigits + `","endTimeUnixNano":"` + tenDigits + nineDigits + `"`
	timesStart = len(`,"startTimeUnixNano":"` + tenDigits)
	timesEnd   = len(times) - len(nineDigits) - 1
	tenDigits  = "0000000000"
	nineDigits = "000000000"
)

// append appends both times, in Unix nanoseconds.
func (c *timeCache) append(dst []byte, start, end int64) []byte {
	const nanos = 1_000_000_000
	second := uint64(start) / nanos
	if second != c.second || uint64(end)-second*nanos >= nanos || c.second == 0 {
		if second < 1_000_000_000 || second > 9_999_999_999 || uint64(end)-second*nanos >= nanos {
			dst = append(dst, times[:timesStart-len(tenDigits)]...)
			dst = json.AppendInt(dst, max(start, 0)) // OTLP's times are unsigned, and a reader would refuse the line
			dst = append(dst, `","endTimeUnixNano":"`...)
			dst = json.AppendInt(dst, max(end, 0))
			return append(dst, '"')
		}
		c.second = second
		copy(c.text[:], times)
		json.AppendUint(c.text[:timesStart-len(tenDigits)], second)
		json.AppendUint(c.text[:timesEnd-len(tenDigits)], second)
	}
	n := len(dst)
	dst = append(dst, c.text[:]...)
	json.PutNine(dst[n+timesStart:], uint32(uint64(start)-second*nanos))
	json.PutNine(dst[n+timesEnd:], uint32(uint64(end)-second*nanos))
	return dst
}
