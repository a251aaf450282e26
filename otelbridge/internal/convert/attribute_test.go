package convert_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/otel/attribute"

	"github.com/edgespan/edgespan/otelbridge/internal/convert"
	"github.com/edgespan/edgespan/sdk/trace"
)

// both has attributes that convert in both directions.
var both = map[string]struct {
	otel attribute.KeyValue
	ours trace.Attribute
}{
	"string":        {attribute.String("k", "v"), trace.String("k", "v")},
	"empty string":  {attribute.String("k", ""), trace.String("k", "")},
	"bytes in text": {attribute.String("k", "\xff\x00\u2028"), trace.String("k", "\xff\x00\u2028")},
	"bool":          {attribute.Bool("k", true), trace.Bool("k", true)},
	"false":         {attribute.Bool("k", false), trace.Bool("k", false)},
	"int":           {attribute.Int("k", -7), trace.Int("k", -7)},
	"int64":         {attribute.Int64("k", math.MinInt64), trace.Int64("k", math.MinInt64)},
	"float64":       {attribute.Float64("k", math.Inf(-1)), trace.Float64("k", math.Inf(-1))},
	"strings":       {attribute.StringSlice("k", []string{"a", "", "c"}), trace.Strings("k", "a", "", "c")},
	"bools":         {attribute.BoolSlice("k", []bool{true, false}), trace.Bools("k", true, false)},
	"ints":          {attribute.Int64Slice("k", []int64{1, -2}), trace.Ints("k", 1, -2)},
	"floats":        {attribute.Float64Slice("k", []float64{0.5, -0}), trace.Float64s("k", 0.5, -0)},
	"no strings":    {attribute.StringSlice("k", nil), trace.Strings("k")},
	"no value":      {attribute.KeyValue{Key: "k"}, trace.Attribute{Key: "k"}},
}

func TestAttributesBothWays(t *testing.T) {
	for name, pair := range both {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, []trace.Attribute{pair.ours}, convert.AppendAttributes(nil, []attribute.KeyValue{pair.otel}))
			assert.Equal(t, []attribute.KeyValue{pair.otel}, convert.AttributesToOTel([]trace.Attribute{pair.ours}))
		})
	}
}

func TestAttributesFromOTelAlone(t *testing.T) {
	text := attribute.StringValue
	number := attribute.IntValue
	for name, test := range map[string]struct {
		otel attribute.KeyValue
		want trace.Attribute
	}{
		"ints of int":           {attribute.IntSlice("k", []int{1, 2}), trace.Ints("k", 1, 2)},
		"bytes":                 {attribute.ByteSlice("k", []byte{0xff, 0}), trace.String("k", "/wA=")},
		"map":                   {attribute.Map("k", attribute.Int("a", 1), attribute.String("b", "x")), trace.String("k", `{"a":1,"b":"x"}`)},
		"empty map":             {attribute.Map("k"), trace.String("k", "{}")},
		"list":                  {attribute.Slice("k", text("a"), number(1), attribute.Value{}), trace.String("k", `["a",1,null]`)},
		"list of lists":         {attribute.Slice("k", attribute.SliceValue(number(1)), attribute.SliceValue()), trace.String("k", "[[1],[]]")},
		"list of strings":       {attribute.Slice("k", text("a"), text("b")), trace.Strings("k", "a", "b")},
		"list of ints":          {attribute.Slice("k", number(1), number(2)), trace.Ints("k", 1, 2)},
		"list of bools":         {attribute.Slice("k", attribute.BoolValue(true)), trace.Bools("k", true)},
		"list of floats":        {attribute.Slice("k", attribute.Float64Value(0.5)), trace.Float64s("k", 0.5)},
		"list of nothing":       {attribute.Slice("k"), trace.Strings("k")},
		"list of what is empty": {attribute.Slice("k", attribute.Value{}), trace.String("k", "[null]")},
		"stringer":              {attribute.Stringer("k", stringer{}), trace.String("k", "text")},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, []trace.Attribute{test.want}, convert.AppendAttributes(nil, []attribute.KeyValue{test.otel}))
		})
	}
	assert.Nil(t, convert.AppendAttributes(nil, nil))
	assert.Nil(t, convert.AttributesToOTel(nil))
}

type stringer struct{}

func (stringer) String() string { return "text" }
