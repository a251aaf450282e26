package slogspan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/slogspan"
)

type (
	ringSlice   []ringSlice
	ringMap     map[string]ringMap
	ringNumbers map[int]ringNumbers
	ringPointer *ringPointer
	node        struct {
		Name string
		Next *node
		All  []*node
	}
	arrays struct{ A [1]any }
)

// endlessValues returns values that contain themselves, each kind within each.
func endlessValues() map[string]any {
	text := map[string]any{}
	text["self"] = text
	numbers := map[int]any{}
	numbers[1] = numbers
	anything := map[any]any{}
	anything[1.5] = anything
	slice := make(ringSlice, 1)
	slice[0] = slice
	typed := ringMap{}
	typed["self"] = typed
	typedNumbers := ringNumbers{}
	typedNumbers[1] = typedNumbers
	var pointer ringPointer
	pointer = &pointer
	loop := &node{Name: "a"}
	loop.Next, loop.All = loop, []*node{loop, loop}
	array := &arrays{}
	array.A[0] = array
	inArray := map[bool]any{}
	inArray[true] = [1]any{struct{ V any }{inArray}}

	all := map[string]any{"map": text, "map of numbers": numbers, "map of anything": anything, "slice": slice, "typed map": typed,
		"typed map of numbers": typedNumbers, "pointer": pointer, "node": loop, "array": array, "map, array, struct": inArray,
		"attribute": slog.Any("k", text), "value": slog.AnyValue(numbers)}
	for name, v := range all {
		all["struct of "+name] = struct{ M any }{v}
		all["unexported "+name] = struct{ m any }{v}
		all["pointer to struct of "+name] = &struct{ M any }{v}
		all["array of "+name] = [2]any{v, v}
		all["slice of "+name] = []any{v, v}
		all["map of "+name] = map[string]any{"v": v}
		all["numbers to "+name] = map[int]any{1: v, 2: v}
		all["key "+name] = map[any]string{&v: "x"}
		all["struct of reflect.Value of "+name] = struct{ V reflect.Value }{reflect.ValueOf(v)}
	}
	return all
}

func TestEndlessValuesOfAllKinds(t *testing.T) {
	for name, v := range endlessValues() {
		for _, format := range formats {
			line := one(t, slogspan.Config{Format: format.Format, LineLimit: -1}, record(slog.LevelInfo, "m", slog.Any("k", v), slog.Int("after", 1)))
			require.Less(t, len(line), 20<<20)
			require.True(t, json.Valid([]byte(line)), name)
			want := "!DEPTH|!SIZE|0x" // or an address, which %+v writes for a pointer within a value
			if format.Format != slogspan.OTLP {
				want = "!DEPTH|!SIZE|!ERROR|{}" // or nothing, if no field is exported
			}
			if !strings.Contains(name, "reflect.Value") {
				assert.Regexp(t, want, line, "%s, %s", name, format.name)
			}
			assert.Contains(t, line, `after`)
		}
	}
}

// If a value is too deep, OTLP keeps what is above the limit. encoding/json writes all or nothing.
func TestDepth(t *testing.T) {
	ring := map[string]any{}
	ring["self"] = ring
	otlp := attributeText(t, slogspan.OTLP, struct{ M map[string]any }{ring})
	assert.Equal(t, "{M:"+strings.Repeat("map[self:", 32)+"!DEPTH"+strings.Repeat("]", 32)+"}", otlp)
	numbers := map[int]any{}
	numbers[1] = numbers
	assert.Equal(t, strings.Repeat("map[1:", 33)+"!DEPTH"+strings.Repeat("]", 33), attributeText(t, slogspan.OTLP, numbers))
	assert.Equal(t, "!DEPTH", attributeText(t, slogspan.JSON, struct{ M map[string]any }{ring}))

	deep := func(n int) any {
		var v any
		for range n {
			v = []any{v}
		}
		return v
	}
	text := strings.Repeat("[", 32) + "<nil>" + strings.Repeat("]", 32)
	assert.Equal(t, "{V:"+text[1:len(text)-1]+"}", attributeText(t, slogspan.OTLP, struct{ V any }{deep(31)}))
	assert.Contains(t, one(t, slogspan.Config{Format: slogspan.JSON}, record(slog.LevelInfo, "m", slog.Any("k", deep(32)))),
		`"k":`+strings.Repeat("[", 32)+"null"+strings.Repeat("]", 32))
	assert.Equal(t, "!DEPTH", attributeText(t, slogspan.JSON, deep(34)))
}

// A value that is too large is not written completely, and the note is not repeated for each part.
func TestTooLarge(t *testing.T) {
	wide := any("x")
	for range 20 {
		wide = []any{wide, wide, wide, wide}
	}
	manyNumbers := make(map[int]int)
	for i := range 1 << 20 {
		manyNumbers[i] = i
	}
	for name, v := range map[string]any{
		"wide":            wide,
		"list":            make([]string, 3<<20),
		"struct of lists": struct{ A, B, C []int }{make([]int, 2<<20), make([]int, 2<<20), []int{1}},
		"struct of text":  struct{ A []string }{slicesOf(strings.Repeat("x", 1<<18), 1<<10)},
		"numbers":         manyNumbers,
		"in a struct":     struct{ V any }{wide},
	} {
		for _, format := range formats {
			line := one(t, slogspan.Config{Format: format.Format, LineLimit: -1}, record(slog.LevelInfo, "m", slog.Any("k", v)))
			assert.Less(t, len(line), 2<<20, "%s, %s", name, format.name)
			assert.Contains(t, line, "!SIZE", "%s, %s", name, format.name)
			assert.Less(t, strings.Count(line, "!SIZE"), 40, "%s, %s", name, format.name)
		}
	}
}

func slicesOf(s string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = s
	}
	return list
}

// encoding/json calls methods and leaves fields out. Then what is in the value does not matter.
func TestJSONIgnoresWhatEncodingJSONIgnores(t *testing.T) {
	ring := map[string]any{}
	ring["self"] = ring
	type parent struct {
		Name   string
		Parent any `json:"-"`
		hidden any
		At     time.Time
		URL    *url.URL
		Own    ownJSON
	}
	v := parent{"n", ring, ring, at, &url.URL{Path: "/p"}, ownJSON{ring}}
	var want bytes.Buffer
	require.NoError(t, json.NewEncoder(&want).Encode([]any{v, &v}))
	line := one(t, slogspan.Config{Format: slogspan.JSON, LineLimit: -1}, record(slog.LevelInfo, "m", slog.Any("k", []any{v, &v})))
	assert.Contains(t, line, `"k":`+strings.TrimSpace(want.String()))
}

type ownJSON struct{ Ring map[string]any }

func (ownJSON) MarshalJSON() ([]byte, error) { return []byte(`"own"`), nil }

type formatted struct{ A int }

func (f formatted) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("formatted")) }

type embedded struct{ Inner int }

// The text of a struct is that of fmt's %+v.
func TestPlainText(t *testing.T) {
	seven := 7
	type all struct {
		embedded
		B       bool
		I       int8
		U       uint16
		F       float32
		C       complex64
		S, T    string
		Label   label
		Bytes   []byte
		Array   [2]string
		None    []int
		NoMap   map[string]int
		Strings map[label]int
		Ints    map[int8]string
		Uints   map[uint]string
		Floats  map[float64]bool
		Bools   map[bool]int
		Structs map[point]string
		Arrays  map[[2]int]string
		Any     any
		Nil     any
		P, Q    *int
		PP      *point
		Func    func()
		Chan    chan int
		Err     error
		NoErr   error
		Str     fmt.Stringer
		URL     *url.URL
		NoURL   *url.URL
		At      time.Time
		For     time.Duration
		Broken  broken
		Form    formatted
		FormP   *formatted
		Deep    struct {
			A struct{ B []map[int][]string }
		}
		at    time.Time
		dur   time.Duration
		err   error
		str   stringer
		any   any
		point *point
	}
	v := all{embedded{1}, true, -1, 2, 1.5, 1 + 2i, "s \"q\"\n", "", "l", []byte{1, 2}, [2]string{"a", "b"}, nil, nil,
		map[label]int{"b": 1, "a": 2, "ab": 3}, map[int8]string{-1: "a", 10: "b", 9: "c", -100: "d"}, map[uint]string{10: "a", 9: "b"},
		map[float64]bool{-1: true, -10: true, 9: true, 10.5: false, math.Inf(-1): true}, map[bool]int{true: 1, false: 0},
		map[point]string{{1, 2}: "a", {1, 3}: "b"}, map[[2]int]string{{1, 2}: "x"}, []any{1, "a", nil, point{1, 2}}, nil,
		&seven, nil, &point{}, nil, nil, errors.New("e"), nil, stringer{"s"}, &url.URL{Path: "/p"}, nil, at, time.Second, broken{"Error"},
		formatted{1}, &formatted{2}, struct {
			A struct{ B []map[int][]string }
		}{struct{ B []map[int][]string }{[]map[int][]string{{1: {"x"}}}}},
		at, time.Second, errors.New("u"), stringer{"u"}, point{1, 2}, &point{}}
	assert.Equal(t, fmt.Sprintf("%+v", v), attributeText(t, slogspan.OTLP, v))
	for _, v := range []any{struct{}{}, [0]int{}, func() {}, make(chan int), 1i, map[int]int{}, map[any]any{2: 1, 1: 2, 10: 3},
		map[any]int{"b": 1, "a": 2}, map[*int]int{&seven: 1}, formatted{1}, []struct{ A any }{{nil}}} {
		want := fmt.Sprintf("%+v", v)
		line := one(t, slogspan.Config{LineLimit: -1}, record(slog.LevelInfo, "m", slog.Any("k", struct{ V any }{v})))
		text := textOf(t, line)
		assert.Equal(t, "{V:"+want+"}", text)
	}
}

func attributeText(t *testing.T, format slogspan.Format, v any) string {
	line := one(t, slogspan.Config{Format: format, LineLimit: -1}, record(slog.LevelInfo, "m", slog.Any("k", v)))
	if format == slogspan.OTLP {
		return textOf(t, line)
	}
	var r struct{ K string }
	require.NoError(t, json.Unmarshal([]byte(line), &r), "%.300s", line)
	return r.K
}

func textOf(t *testing.T, line string) string {
	value := decodeOTLP(t, line).records()[0].Attributes[0].Value.StringValue
	require.NotNil(t, value, "%.300s", line)
	return *value
}
