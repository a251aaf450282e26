package fault

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

var errBoom = errors.New("boom")

// touchy is an error whose Error method panics on nil.
type touchy struct{ text string }

func (e *touchy) Error() string { return e.text }

type stringer struct{}

func (stringer) String() string { return "said by String" }

type panickyStringer struct{}

func (panickyStringer) String() string { panic("no") }

func TestMessage(t *testing.T) {
	for _, tt := range []struct {
		value     any
		typ, text string
	}{
		{nil, "nil", "nil"},
		{"text", "string", "text"},
		{errBoom, "*errors.errorString", "boom"},
		{stringer{}, "fault.stringer", "said by String"},
		{panickyStringer{}, "fault.panickyStringer", "fault.panickyStringer"},
		{42, "int", "42"},
		{[]int{1}, "[]int", "[]int"},
		{(*touchy)(nil), "*fault.touchy", "*fault.touchy"},
		{struct{}{}, "struct {}", "struct {}"},
	} {
		assert.Equal(t, tt.typ, TypeName(tt.value))
		assert.Equal(t, tt.text, Message(tt.value))
	}
}
