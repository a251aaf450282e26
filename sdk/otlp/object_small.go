//go:build wasm || edgespan_small

package otlp

import (
	"unsafe"

	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// valueForms holds what comes before and after a value of each kind. Lists of all kinds are written alike.
var valueForms = [...]struct{ before, after string }{
	trace.KindEmpty:   {``, ``},
	trace.KindString:  {`"stringValue":"`, `"`},
	trace.KindBool:    {`"boolValue":false`, ``},
	trace.KindInt64:   {`"intValue":"`, `"`},
	trace.KindFloat64: {`"doubleValue":`, ``},
	trace.KindStrings: {`"arrayValue":{"values":[`, `]}`},
	valueTrue:         {`"boolValue":true`, ``},
}

const valueTrue = trace.KindStrings + 1

// object writes the members of the struct at base, and closes the object. The forms differ in what they get from the struct: a
// text, an id or a number, each of which is written in one place. A function for each of them would be more code.
func (w *writer) object(o *object, base unsafe.Pointer) {
	for i := range *o {
		m := &(*o)[i]
		start := w.n
		w.raw(m.before)
		value, after := w.n, ``
		switch m.before[len(m.before)-1] {
		case '"':
			after = `"`
		case '[':
			after = `]`
		}
		var text string
		var id []byte
		var number int64
		isNumber := false
		p := unsafe.Add(base, m.at)
		switch m.form {
		case formText, formOptionalText:
			text = *(*string)(p)
		case formID:
			id = (*trace.TraceID)(p)[:m.size] // if it is a SpanID, only its bytes
		case formOptionalID:
			if (*trace.SpanID)(p).IsValid() {
				id = (*trace.SpanID)(p)[:]
			}
		case formFlags:
			number, isNumber = flags(*(*trace.TraceFlags)(p), *(*bool)(unsafe.Add(base, m.remote))), true
		case formTime:
			number, isNumber = max(*(*int64)(p), 0), true
		case formEnum:
			number = int64(*(*uint8)(p))
			isNumber = number > 0 && number <= int64(m.most)
		case formCount:
			number = int64(*(*uint32)(p))
			isNumber = number > 0
		case formList:
			list := *(*[]byte)(p) // its length counts elements, whose size is m.size
			for k := range list {
				if k > 0 {
					w.raw(`,`)
				}
				w.object(m.inner, unsafe.Add(unsafe.Pointer(unsafe.SliceData(list)), k*int(m.size)))
			}
		case formStatus:
			if code := *(*uint8)(p); code > 0 && code <= m.most {
				w.object(m.inner, p)
			}
		case formValue:
			v := (*trace.Value)(p)
			kind := min(v.Kind(), trace.KindStrings)
			if v.Bool() {
				kind = valueTrue
			}
			w.raw(valueForms[kind].before)
			after = valueForms[kind].after
			// An accessor returns nothing for a value of another kind.
			text, number, isNumber = v.Str(), v.Int64(), kind == trace.KindInt64
			w.raw(string(v.AppendFloat(nil, false)))
			before := ``
			v.Each(func(element trace.Value) {
				w.raw(before)
				w.object(&elementObject, unsafe.Pointer(&element))
				before = `,`
			})
		}
		var digits [2 * len(trace.TraceID{})]byte
		if isNumber {
			text = string(json.AppendInt(digits[:0], number))
		} else if id != nil {
			text = string(digits[:hex.Put(&digits, id)])
		}
		for text != `` {
			var piece string
			piece, text = json.Escape(text)
			w.raw(piece)
		}
		if m.form >= formOptionalText && w.n == value {
			w.n, after = start, `` // takes back what came before
		}
		w.raw(after)
	}
	w.raw(`}`)
}
