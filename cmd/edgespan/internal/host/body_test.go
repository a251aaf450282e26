package host

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The guest polls a body, gets nothing, and sends the body on. Then the body is still being read ahead while the exchange looks at
// it.
func TestBodyIsIdleWhileItIsReadAhead(t *testing.T) {
	r, w := io.Pipe()
	b := &body{}
	b.addSource(&source{r: r, left: -1})
	b.ready()
	go w.Close()
	for b.idle() { // the race detector reports it if both touch the same data
	}
	n, err := b.read(t.Context(), make([]byte, 10))
	require.NoError(t, err)
	assert.Zero(t, n)
}
