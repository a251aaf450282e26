package host

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A body that a guest waited for in vain, and then sent on, is still being read ahead when the exchange looks at it.
func TestBodyIsIdleWhileItIsReadAhead(t *testing.T) {
	r, w := io.Pipe()
	b := &body{}
	b.addSource(&source{r: r, left: -1})
	b.ready()
	go w.Close()
	for b.idle() { // the race detector sees whether both touch it
	}
	n, err := b.read(t.Context(), make([]byte, 10))
	require.NoError(t, err)
	assert.Zero(t, n)
}
