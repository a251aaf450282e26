package tracetest

import (
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

var kinds = [...]string{"empty", "string", "bool", "int", "float64", "strings", "bools", "ints", "float64s"}

// describe returns the text of a value and its kind, such as "200 (int)".
func describe(v trace.Value) string {
	return text(v) + " (" + kinds[v.Kind()] + ")"
}

// text returns the text of a value. No two values have the same text: strings are quoted, and floats have a point.
func text(v trace.Value) string {
	switch v.Kind() {
	case trace.KindEmpty:
		return "null"
	case trace.KindString:
		return strconv.Quote(v.Str())
	case trace.KindBool:
		return strconv.FormatBool(v.Bool())
	case trace.KindInt64:
		return strconv.FormatInt(v.Int64(), 10)
	case trace.KindFloat64:
		s := strconv.FormatFloat(v.Float64(), 'g', -1, 64)
		if !strings.ContainsAny(s, ".eIN") {
			s += ".0"
		}
		return s
	}
	var elements []string
	v.Each(func(element trace.Value) { elements = append(elements, text(element)) })
	return "[" + strings.Join(elements, " ") + "]"
}
