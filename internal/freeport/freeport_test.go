package freeport

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Address returns no address that the system has assigned, however many are in use.
func TestAddressStaysFree(t *testing.T) {
	address, err := Address()
	require.NoError(t, err)
	for range 500 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		assert.NotEqual(t, address, l.Addr().String())
	}
	l, err := net.Listen("tcp", address)
	require.NoError(t, err)
	require.NoError(t, l.Close())
}
