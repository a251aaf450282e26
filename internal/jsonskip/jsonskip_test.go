package jsonskip

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestValue(t *testing.T) {
	for text, want := range map[string]int{
		`{"a":[1,{}]},x`: 12,
		`["]\"]"],`:      8,
		`"a\\",`:         5,
		`{`:              1,
		`"a\`:            3,
		``:               0,
		`}`:              1,
	} {
		assert.Equal(t, want, Value([]byte(text), 0), text)
	}
	assert.Equal(t, 5, Value([]byte(`[1,{}]`), 3))
}

func TestDepth(t *testing.T) {
	for text, want := range map[string]int{
		``:                    0,
		`"[[{"`:               0,
		`{"a":[1,{}],"b":{}}`: 3,
		`[],[[]]`:             2,
		`["\"[[[`:             1,
		`]]][`:                0,
	} {
		assert.Equal(t, want, Depth([]byte(text)), text)
	}
}

func TestElements(t *testing.T) {
	assert.Empty(t, Elements([]byte(`[ ]`)))
	var got []string
	for _, e := range Elements([]byte(`[ 1, "a,]" ,{"b":[2,3]},[ ],null ,-2.5e3]`)) {
		got = append(got, string(e))
	}
	assert.Equal(t, []string{`1`, `"a,]"`, `{"b":[2,3]}`, `[ ]`, `null`, `-2.5e3`}, got)
}

func TestMember(t *testing.T) {
	object := []byte(` {"n":12 , "x\"y":{"a":1}, "a" : [1, {"a":2}],"z":null}`)[1:]
	for name, want := range map[string]string{"n": "12", "a": `[1, {"a":2}]`, "z": "null", "y": ""} {
		assert.Equal(t, want, string(Member(object, name)), name)
	}
	assert.Nil(t, Member([]byte(`{}`), "a"))
}

// Elements and Member return what encoding/json finds.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`[1,"a",{"b":[]}]`, `{"a":1,"b":{"a":[2]}}`, ` [ ] `, `{"\"":"\\"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		Value(text, 0)
		Depth(text)
		var list []json.RawMessage
		if len(text) > 0 && text[0] == '[' && text[len(text)-1] == ']' && json.Unmarshal(text, &list) == nil {
			got := Elements(text)
			require.Len(t, got, len(list))
			for i := range list {
				assert.Equal(t, string(list[i]), string(got[i]))
			}
		}
		var object map[string]json.RawMessage
		if len(text) > 0 && text[0] == '{' && text[len(text)-1] == '}' && json.Unmarshal(text, &object) == nil {
			for name := range object {
				if v := Member(text, name); v != nil {
					assert.True(t, json.Valid(v))
				}
			}
		}
	})
}
