package host

import (
	"math"
	"slices"
	"strings"
	"time"
)

// lookupOptions reads the options of a lookup at arguments 2 and 3.
func (c *call) lookupOptions() (request headers, anyRange bool) {
	const (
		hasHeaders  = 1 << 1
		hasService  = 1 << 2
		useAnyRange = 1 << 3
	)
	mask := c.u32(2)
	if mask&^(hasHeaders|useAnyRange) != 0 {
		throw(statusUnsupported)
	}
	if mask&hasHeaders != 0 {
		request = append(headers(nil), c.sb.request(c.record(3, 4).u32(0)).header...)
	}
	return request, mask&useAnyRange != 0
}

// Bits of cache_write_options_mask.
const (
	writeHasHeaders    = 1 << 1
	writeHasVary       = 1 << 2
	writeHasInitialAge = 1 << 3
	writeHasStale      = 1 << 4
	writeHasSurrogates = 1 << 5
	writeHasLength     = 1 << 6
	writeHasMetadata   = 1 << 7
	writeSensitive     = 1 << 8
	writeHasEdgeMaxAge = 1 << 9
	writeHasService    = 1 << 10
)

// writeOptions reads the options of a write: the mask is argument i, and argument i+1 points to the record.
func (c *call) writeOptions(i int) (o *cacheObject, request headers) {
	mask, opts := c.u32(i), c.record(i+1, 64)
	const known = writeHasHeaders | writeHasVary | writeHasInitialAge | writeHasStale | writeHasSurrogates |
		writeHasLength | writeHasMetadata | writeSensitive | writeHasEdgeMaxAge
	if mask&^known != 0 {
		throw(statusUnsupported)
	}
	ns := func(v uint64) time.Duration { return time.Duration(min(v, math.MaxInt64/4)) }
	o = &cacheObject{maxAge: ns(opts.u64(0))}
	if mask&writeHasHeaders != 0 {
		request = append(headers(nil), c.sb.request(opts.u32(8)).header...)
	}
	if mask&writeHasVary != 0 {
		for _, name := range strings.Split(c.text(opts.u32(12), opts.u32(16)), " ") {
			if name == "" || strings.IndexFunc(name, func(r rune) bool { return r > 0x7F || !isToken(byte(r)) }) >= 0 {
				throw(statusError)
			}
			o.rule = append(o.rule, strings.ToLower(name))
		}
		slices.Sort(o.rule)
		o.rule = slices.Compact(o.rule)
	}
	if mask&writeHasInitialAge != 0 {
		o.initialAge = ns(opts.u64(24))
	}
	if mask&writeHasStale != 0 {
		o.stale = ns(opts.u64(32))
	}
	if mask&writeHasSurrogates != 0 {
		keys, ok := validSurrogates(c.view(opts.u32(40), opts.u32(44)))
		if !ok {
			throw(statusInval)
		}
		o.surrogates = keys
	}
	if mask&writeHasLength != 0 {
		n := opts.u64(48)
		o.length = &n
	}
	if mask&writeHasMetadata != 0 {
		o.metadata = string(c.view(opts.u32(56), opts.u32(60)))
	}
	if mask&writeHasEdgeMaxAge != 0 && record(c.view(c.u32(i+1), 72)).u64(64) > uint64(o.maxAge) {
		throw(statusInval)
	}
	return o, request
}
