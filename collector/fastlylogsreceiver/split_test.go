package fastlylogsreceiver

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func split(body string) (lines []string) {
	splitLines([]byte(body), func(line []byte) { lines = append(lines, string(line)) })
	return lines
}

func TestSplitLines(t *testing.T) {
	tests := []struct {
		body string
		want []string
	}{
		{"", nil},
		{" \r\n\n", nil},
		{"[]", nil},
		{"{}", []string{"{}"}},
		{"{\"a\":1}\r\n\r\n {} ", []string{`{"a":1}`, "{}"}},
		{"x {}\n[y\n", []string{"x {}", "[y"}},
		{`[{"a":[1,{"b":"]},{\"["}]},{}]`, []string{`{"a":[1,{"b":"]},{\"["}]}`, "{}"}},
		{"[\n{\"a\":1}\n,\n{\n\"b\":2\n}\n]\n", []string{`{"a":1}`, "{\n\"b\":2\n}"}},
		{"[{}]\n[{\"a\":1}]", []string{"{}", `{"a":1}`}},
		{"[{},7,\n{\"a\":1}]", []string{"{}", "7", `{"a":1}`}},
		{`[null,{"a":1}, 7, "x, y" ,{"b":[2,{}]},{"c":3},]`, []string{"null", `{"a":1}`, `7, "x, y"`, `{"b":[2,{}]}`, `{"c":3}`}}, // an element that is not an object costs only itself
		{"[oops,{\"a\":\n1}]", []string{"oops", "{\"a\":\n1}"}},
		{"[7] x {}\n[8] y {}", []string{"7] x {}", "8] y {}"}},                                                // a prefix, not an array
		{"[{\"a\":1},\n{\"b\":\n{\"c\":3},\n{\"d\":4}]", []string{`{"a":1}`, `{"b":`, `{"c":3},`, `{"d":4}`}}, // truncated
		{"[{\"a\":\"\n{\"b\":2}]", []string{`{"a":"`, `{"b":2}`}},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, split(test.body), "%q", test.body)
	}
}

// FuzzSplitLines compares arrays with the result of encoding/json, and checks that nothing panics.
func FuzzSplitLines(f *testing.F) {
	for _, body := range []string{"", "[{}]", `[{"a":"\"}"},{"b":[{}]}]`, "{}\n{}", "[{\"a\":\n{}]", "<134>x: {}"} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var lines []json.RawMessage
		splitLines(body, func(line []byte) {
			require.NotEmpty(t, line)
			lines = append(lines, line)
			_ = newBatch().add(line)
		})
		var objects []map[string]any
		var want []json.RawMessage
		if json.Unmarshal(body, &want) != nil || json.Unmarshal(body, &objects) != nil {
			return
		}
		for _, object := range objects {
			if object == nil { // null is not an object
				return
			}
		}
		require.Len(t, lines, len(want))
		for i := range want {
			require.JSONEq(t, string(want[i]), string(lines[i]))
		}
	})
}
