package jsonskip

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
