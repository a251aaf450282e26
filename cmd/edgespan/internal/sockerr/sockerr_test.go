package sockerr

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, err = net.Listen("tcp", l.Addr().String())
	assert.True(t, IsInUse(err), err)
	assert.False(t, IsRefused(err))

	c, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	defer c.Close()
	there, err := l.Accept()
	require.NoError(t, err)
	_, err = c.Write([]byte("x")) // what nobody reads
	require.NoError(t, err)
	read := make(chan error)
	go func() {
		_, err := c.Read(make([]byte, 1))
		read <- err
	}()
	time.Sleep(50 * time.Millisecond) // Wine tells of a reset only who waits
	require.NoError(t, there.(*net.TCPConn).SetLinger(0))
	require.NoError(t, there.Close()) // a reset
	err = <-read
	assert.True(t, IsCut(err), err)

	require.NoError(t, l.Close())
	_, err = net.Dial("tcp", l.Addr().String())
	assert.True(t, IsRefused(err), err)
	assert.False(t, IsInUse(err) || IsCut(err) || IsUnroutable(err))
}
