package trace_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// everyKind holds one attribute of each kind, with the results of its accessors.
var everyKind = []struct {
	attr     trace.Attribute
	kind     trace.ValueKind
	str      string
	boolean  bool
	integer  int64
	float    float64
	strings  []string
	bools    []bool
	ints     []int64
	float64s []float64
}{
	{attr: trace.Attribute{Key: "k"}, kind: trace.KindEmpty},
	{attr: trace.String("k", "text"), kind: trace.KindString, str: "text"},
	{attr: trace.String("k", ""), kind: trace.KindString},
	{attr: trace.Bool("k", true), kind: trace.KindBool, boolean: true},
	{attr: trace.Bool("k", false), kind: trace.KindBool},
	{attr: trace.Int("k", -7), kind: trace.KindInt64, integer: -7},
	{attr: trace.Int64("k", math.MinInt64), kind: trace.KindInt64, integer: math.MinInt64},
	{attr: trace.Int64("k", math.MaxInt64), kind: trace.KindInt64, integer: math.MaxInt64},
	{attr: trace.Float64("k", -1.5), kind: trace.KindFloat64, float: -1.5},
	{attr: trace.Float64("k", math.Inf(1)), kind: trace.KindFloat64, float: math.Inf(1)},
	{attr: trace.Strings("k", "a", "", "c\x00\xff", strings.Repeat("long", 5000)), kind: trace.KindStrings,
		strings: []string{"a", "", "c\x00\xff", strings.Repeat("long", 5000)}},
	{attr: trace.Strings("k", strings.Repeat("x", 0x1020304), "b"), kind: trace.KindStrings, strings: []string{strings.Repeat("x", 0x1020304), "b"}},
	{attr: trace.Strings("k", ""), kind: trace.KindStrings, strings: []string{""}},
	{attr: trace.Strings("k"), kind: trace.KindStrings},
	{attr: trace.Bools("k", true, false, true), kind: trace.KindBools, bools: []bool{true, false, true}},
	{attr: trace.Bools("k"), kind: trace.KindBools},
	{attr: trace.Int64s("k", 1, -1, math.MinInt64, math.MaxInt64), kind: trace.KindInt64s, ints: []int64{1, -1, math.MinInt64, math.MaxInt64}},
	{attr: trace.Ints("k"), kind: trace.KindInt64s},
	{attr: trace.Ints("k", 2, -2, math.MinInt32), kind: trace.KindInt64s, ints: []int64{2, -2, math.MinInt32}},
	{attr: trace.Float64s("k", 0, -0.5, math.MaxFloat64), kind: trace.KindFloat64s, float64s: []float64{0, -0.5, math.MaxFloat64}},
	{attr: trace.Float64s("k"), kind: trace.KindFloat64s},
}

func TestValueAccessors(t *testing.T) {
	for _, tt := range everyKind {
		v := tt.attr.Value
		assert.Equal(t, "k", tt.attr.Key)
		assert.Equal(t, tt.kind, v.Kind())
		assert.Equal(t, tt.str, v.Str())
		assert.Equal(t, tt.boolean, v.Bool())
		assert.Equal(t, tt.integer, v.Int64())
		assert.Equal(t, tt.float, v.Float64())
		assert.True(t, slices.Equal(tt.strings, v.Strings()), "%v", v.Strings())
		assert.True(t, slices.Equal(tt.bools, v.Bools()), "%v", v.Bools())
		assert.True(t, slices.Equal(tt.ints, v.Int64s()), "%v", v.Int64s())
		assert.True(t, slices.Equal(tt.float64s, v.Float64s()), "%v", v.Float64s())
		if text := string(v.AppendFloat([]byte("="), true)); tt.kind == trace.KindFloat64 {
			assert.NotEqual(t, "=", text)
		} else {
			assert.Equal(t, "=", text)
		}
	}
	assert.True(t, math.IsNaN(trace.Float64("k", math.NaN()).Value.Float64()))
	assert.True(t, math.Signbit(trace.Float64("k", math.Copysign(0, -1)).Value.Float64()))
}

func TestValueEquality(t *testing.T) {
	values := map[trace.Value]int{}
	for i, tt := range everyKind {
		values[tt.attr.Value] = i
	}
	assert.Len(t, values, len(everyKind), "no two of them are equal, not even the empty lists")
	assert.Equal(t, trace.Strings("k", "a", "b"), trace.Strings("k", []string{"a", "b"}...))
	assert.NotEqual(t, trace.Strings("k", "a", "b"), trace.Strings("k", "ab"))
	assert.NotEqual(t, trace.Ints("k", 1), trace.Float64s("k", math.Float64frombits(1)))
}

func TestValueEach(t *testing.T) {
	each := func(v trace.Value) (elements []trace.Value) {
		v.Each(func(e trace.Value) { elements = append(elements, e) })
		return elements
	}
	for _, tt := range everyKind {
		var want []trace.Value
		for _, e := range tt.strings {
			want = append(want, trace.String("", e).Value)
		}
		for _, e := range tt.bools {
			want = append(want, trace.Bool("", e).Value)
		}
		for _, e := range tt.ints {
			want = append(want, trace.Int64("", e).Value)
		}
		for _, e := range tt.float64s {
			want = append(want, trace.Float64("", e).Value)
		}
		assert.Equal(t, want, each(tt.attr.Value))
	}
}

func TestListsAreCopied(t *testing.T) {
	texts, bools, ints, floats := []string{"a"}, []bool{true}, []int64{1}, []float64{1}
	attrs := []trace.Attribute{trace.Strings("s", texts...), trace.Bools("b", bools...), trace.Int64s("i", ints...), trace.Float64s("f", floats...)}
	texts[0], bools[0], ints[0], floats[0] = "changed", false, 2, 2
	for range 2 {
		assert.Equal(t, []string{"a"}, attrs[0].Value.Strings())
		assert.Equal(t, []bool{true}, attrs[1].Value.Bools())
		assert.Equal(t, []int64{1}, attrs[2].Value.Int64s())
		assert.Equal(t, []float64{1}, attrs[3].Value.Float64s())
		// Changing the result of an accessor does not change the value either.
		attrs[0].Value.Strings()[0] = "changed"
		attrs[1].Value.Bools()[0] = false
		attrs[2].Value.Int64s()[0] = 2
		attrs[3].Value.Float64s()[0] = 2
	}
}

func TestValueSize(t *testing.T) {
	assert.Equal(t, 0, trace.Int("k", 1).Value.TextSize())
	assert.Equal(t, 4, trace.String("k", "text").Value.TextSize())
	assert.GreaterOrEqual(t, trace.Strings("k", "text", "more").Value.TextSize(), 8)
	assert.Less(t, trace.Strings("k", "text").Value.TextSize(), trace.Strings("k", "text", "").Value.TextSize())
}

// TestAttributeOrder checks that a key keeps the place of its first value and has its last value.
func TestAttributeOrder(t *testing.T) {
	long := strings.Repeat("k", 64) // a key of 64 bytes, at which the shortcut by the length of keys starts again
	for _, tt := range []struct {
		name    string
		calls   [][]trace.Attribute
		want    []trace.Attribute
		dropped uint32
	}{
		{"none", [][]trace.Attribute{{}, nil}, nil, 0},
		{"in their order", [][]trace.Attribute{{trace.Int("b", 1), trace.Int("a", 2)}, {trace.Int("c", 3)}},
			[]trace.Attribute{trace.Int("b", 1), trace.Int("a", 2), trace.Int("c", 3)}, 0},
		{"twice in one call", [][]trace.Attribute{{trace.Int("a", 1), trace.Int("b", 2), trace.Int("a", 3)}},
			[]trace.Attribute{trace.Int("a", 3), trace.Int("b", 2)}, 0},
		{"twice in two calls", [][]trace.Attribute{{trace.Int("a", 1), trace.Int("b", 2)}, {trace.String("a", "x")}},
			[]trace.Attribute{trace.String("a", "x"), trace.Int("b", 2)}, 0},
		{"empty keys", [][]trace.Attribute{{trace.Int("", 1), trace.Int("a", 2)}, {trace.Int("", 3)}},
			[]trace.Attribute{trace.Int("a", 2)}, 2},
		{"an empty value", [][]trace.Attribute{{{Key: "a"}}}, []trace.Attribute{{Key: "a"}}, 0},
		{"long keys", [][]trace.Attribute{{trace.Int(long, 1), trace.Int(long+long, 2)}, {trace.Int(long, 3), trace.Int(long[1:]+"x", 4)}},
			[]trace.Attribute{trace.Int(long, 3), trace.Int(long+long, 2), trace.Int(long[1:]+"x", 4)}, 0},
		{"keys of one length", [][]trace.Attribute{{trace.Int("aa", 1), trace.Int("bb", 2)}, {trace.Int("cc", 3), trace.Int("bb", 4)}},
			[]trace.Attribute{trace.Int("aa", 1), trace.Int("bb", 4), trace.Int("cc", 3)}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, limits := range []trace.Limits{{}, {Attributes: -1}, {AttributeValueLength: 1000}} {
				f := newFixture(trace.Config{Limits: limits})
				_, span := f.start("root")
				for _, attrs := range tt.calls {
					span.SetAttributes(attrs...)
				}
				span.End()
				assert.Equal(t, tt.want, f.only(t).Attributes)
				assert.Equal(t, tt.dropped, f.only(t).DroppedAttributes)
			}
		})
	}
}

func TestAttributesAreCopied(t *testing.T) {
	f := newFixture(trace.Config{})
	attrs := []trace.Attribute{trace.Int("a", 1)}
	_, span := f.Start(background, "root", trace.StartConfig{Attributes: attrs, Links: []trace.Link{{SpanContext: remote(t, "00-"+ids+"-01"), Attributes: attrs}}})
	span.AddEvent("event", attrs...)
	attrs[0] = trace.Int("b", 2)
	span.End()
	d := f.only(t)
	want := []trace.Attribute{trace.Int("a", 1)}
	assert.Equal(t, want, d.Attributes)
	assert.Equal(t, want, d.Events[0].Attributes)
	assert.Equal(t, want, d.Links[0].Attributes)
	v, ok := d.Attribute("a")
	assert.True(t, ok)
	assert.Equal(t, int64(1), v.Int64())
	_, ok = d.Attribute("b")
	assert.False(t, ok)
}

func TestAttributeValueLength(t *testing.T) {
	for _, tt := range []struct {
		limit    int
		in, want string
	}{
		{3, "abc", "abc"}, {3, "abcd", "abc"}, {3, "", ""}, {1, "ab", "a"},
		{3, "äöüß", "äöü"},                     // 2 bytes each
		{3, "日本語", "日本語"},                      // 9 bytes, 3 characters
		{3, "日本語で", "日本語"},                     //
		{2, "😀😁😂", "😀😁"},                       // 4 bytes each
		{3, "a\xff\xfeb", "a\xff\xfe"},         // an invalid byte counts as a character
		{2, "\xe6\x97日本", "\xe6\x97"},          // so do the bytes of an incomplete character
		{3, "e\u0301\u0302x", "e\u0301\u0302"}, // combining accents count as characters
		{-1, strings.Repeat("x", 1<<20), strings.Repeat("x", 1<<20)},
		{0, strings.Repeat("x", 1<<20), strings.Repeat("x", 1<<20)},
	} {
		f := newFixture(trace.Config{Limits: trace.Limits{AttributeValueLength: tt.limit}})
		_, span := f.start("root")
		span.SetAttributes(trace.String("s", tt.in), trace.Strings("l", tt.in, "x", tt.in), trace.Int("i", 123456789), trace.Ints("is", 1234, 56789))
		span.SetAttributes(trace.String("s", tt.in))
		span.AddEvent("event", trace.String("s", tt.in))
		span.AddLink(trace.Link{SpanContext: span.SpanContext(), Attributes: []trace.Attribute{trace.String("s", tt.in)}})
		span.End()
		d := f.only(t)
		require.Equal(t, []trace.Attribute{trace.String("s", tt.want), trace.Strings("l", tt.want, "x", tt.want), trace.Int("i", 123456789), trace.Ints("is", 1234, 56789)}, d.Attributes)
		assert.Equal(t, trace.String("s", tt.want), d.Events[0].Attributes[0])
		assert.Equal(t, trace.String("s", tt.want), d.Links[0].Attributes[0])
		assert.Zero(t, d.DroppedAttributes, "a value that is cut does not count as a dropped attribute")
		if tt.limit > 0 {
			assert.LessOrEqual(t, utf8.RuneCountInString(tt.want), tt.limit)
		}
	}
}
