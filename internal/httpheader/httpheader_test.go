package httpheader

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestValid(t *testing.T) {
	assert.True(t, Valid("Authorization", "Bearer x=\tä"))
	for name, value := range map[string]string{
		"": "x", "Content-Type": "x", "HOST": "x", "a b": "x", "ä": "x", "a:": "x", "X-A": "a\nb", "X-B": "\x7f",
	} {
		assert.False(t, Valid(name, value), "%q: %q", name, value)
	}
}
