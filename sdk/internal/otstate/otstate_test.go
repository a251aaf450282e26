package otstate

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestField(t *testing.T) {
	for _, tt := range []struct{ member, key, want string }{
		{"", "th", ""},
		{"th:8", "th", "8"},
		{"rv:1;th:8;x:y", "th", "8"},
		{"xth:1;th", "th", ""},
		{"th:1;th:2", "th", "1"},
		{";;th:1;", "th", "1"},
		{"th:a:b", "th", "a:b"},
	} {
		value, ok := Field(tt.member, tt.key)
		assert.Equal(t, tt.want, value, tt.member)
		assert.Equal(t, tt.want != "", ok, tt.member)
	}
	_, ok := Field("a:1;th:", "th")
	assert.True(t, ok, "an empty value is a value")
}

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		digits string
		want   uint64
		ok     bool
	}{
		{"0", 0, true},
		{"8", 8 << 52, true},
		{"c", 12 << 52, true},
		{"ffffffffffffff", 1<<56 - 1, true},
		{"00000000000001", 1, true},
		{"", 0, false},
		{"000000000000001", 0, false},
		{"F", 0, false},
		{"1g", 0, false},
		{"-1", 0, false},
	} {
		v, ok := Number(tt.digits)
		assert.Equal(t, tt.want, v, tt.digits)
		assert.Equal(t, tt.ok, ok, tt.digits)
	}
}
