package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// What every span has is appended here, by functions that keep the buffer in registers: through a writer, each piece would
// wait for the buffer's length to come back from memory. Server span with five attributes, encoded: 125 ns here, 176 ns
// through a writer.

// The parts of a fixed length are copied as a whole, and their values written over the zeros: fewer steps than one for each
// value, and less code.
const (
	zeros16 = `0000000000000000`
	zeros19 = `0000000000000000000`

	head       = `{"traceId":"` + zeros16 + zeros16 + `","spanId":"` + zeros16
	headTrace  = len(`{"traceId":"`)
	headParent = `","parentSpanId":"` + zeros16
	headFlags  = `","flags":000`

	times      = `,"kind":0,"startTimeUnixNano":"` + zeros19 + `","endTimeUnixNano":"` + zeros19 + `"`
	timesKind  = len(`,"kind":0`) - 1
	timesStart = len(`,"kind":0,"startTimeUnixNano":"`)
	timesEnd   = len(times) - len(zeros19) - 1
)

// appendSpan appends a span up to its attributes.
func appendSpan(dst []byte, d *trace.SpanData) []byte {
	sc := &d.SpanContext
	n, text := len(dst), head+headFlags
	isChild := d.ParentSpanID.IsValid()
	if isChild {
		text = head + headParent + headFlags
	}
	dst = append(dst, text...)
	h := (*[len(head)]byte)(dst[n:])
	hex.Put8((*[16]byte)(h[headTrace:]), (*[8]byte)(sc.TraceID[:8]))
	hex.Put8((*[16]byte)(h[headTrace+16:]), (*[8]byte)(sc.TraceID[8:]))
	hex.Put8((*[16]byte)(h[len(head)-16:]), (*[8]byte)(&sc.SpanID))
	if isChild {
		hex.Put8((*[16]byte)(dst[n+len(head+headParent)-16:]), (*[8]byte)(&d.ParentSpanID))
	}
	if v := flags(sc.TraceFlags, d.ParentRemote); v < 1000 {
		f := (*[3]byte)(dst[len(dst)-3:])
		f[0], f[1], f[2] = '0'+byte(v/100), '0'+byte(v/10%10), '0'+byte(v%10)
	} else {
		dst = json.AppendInt(dst[:len(dst)-3], v)
	}
	if !sc.TraceState.IsEmpty() {
		w := writer{dst}
		w.state(sc)
		dst = w.buf
	}

	text = times
	if d.Name != "" {
		dst = json.AppendText(append(dst, `,"name":"`...), d.Name)
		text = `"` + times
	}
	const nineteenDigits = 1_000_000_000_000_000_000 // since September 2001, and for as long as an int64 counts nanoseconds
	if d.Kind-1 >= trace.SpanKindConsumer || d.Start < nineteenDigits || d.End < nineteenDigits {
		dst = appendOddTimes(dst, d, text[:len(text)-len(times)])
	} else {
		dst = append(dst, text...)
		t := (*[len(times)]byte)(dst[len(dst)-len(times):])
		t[timesKind] = '0' + byte(d.Kind)
		json.PutNineteen((*[19]byte)(t[timesStart:]), uint64(d.Start))
		json.PutNineteen((*[19]byte)(t[timesEnd:]), uint64(d.End))
	}
	if len(d.Attributes) > 0 {
		dst = appendAttributes(dst, nextAttributes, d.Attributes)
	}
	return dst
}

// appendOddTimes appends before, then kind and times, for a kind that is not known, and for times long ago, which are shorter.
func appendOddTimes(dst []byte, d *trace.SpanData, before string) []byte {
	w := writer{dst}
	w.raw(before)
	if d.Kind != trace.SpanKindUnspecified && d.Kind <= trace.SpanKindConsumer {
		w.int(`,"kind":`, int64(d.Kind), ``)
	}
	w.time(`,"startTimeUnixNano":"`, d.Start)
	w.time(`,"endTimeUnixNano":"`, d.End)
	return w.buf
}

// Bits of the flags beside the trace flags, as trace.proto defines them.
const (
	flagsHasRemote = 0x100
	flagsRemote    = 0x200
)

func flags(f trace.TraceFlags, remote bool) int64 {
	v := int64(f) | flagsHasRemote
	if remote {
		v |= flagsRemote
	}
	return v
}

// What stands in front of the first attribute's key.
const (
	firstAttributes = `"attributes":[{"key":"`
	nextAttributes  = `,` + firstAttributes
)

// appendAttributes appends a list that is not empty, with open in front of its first key.
func appendAttributes(dst []byte, open string, attrs []trace.Attribute) []byte {
	end := ""
	for i := range attrs {
		a := &attrs[i]
		dst = json.AppendText(append(dst, open...), a.Key)
		open, end = `"}},{"key":"`, `"}}]` // with the end of this attribute
		kind, text := a.Value.Kind(), `","value":{"stringValue":"`
		switch kind {
		case trace.KindString:
		case trace.KindInt:
			text = `","value":{"intValue":"`
		default:
			w := writer{dst}
			w.raw(`","value":{`)
			w.value(a.Value)
			dst, open, end = w.buf, open[1:], end[1:]
			continue
		}
		dst = append(dst, text...)
		if kind == trace.KindInt {
			dst = json.AppendInt(dst, a.Value.Int64())
		} else {
			dst = json.AppendText(dst, a.Value.Str())
		}
	}
	return append(dst, end...)
}
