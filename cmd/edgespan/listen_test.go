package main

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestURLOfAListener(t *testing.T) {
	for addr, want := range map[string]struct {
		url    string
		public bool
	}{
		"127.0.0.1:0": {"127.0.0.1", false}, "0.0.0.0:0": {"localhost", true}, ":0": {"localhost", true},
	} {
		l, err := net.Listen("tcp", addr)
		require.NoError(t, err)
		_, port, err := net.SplitHostPort(l.Addr().String())
		require.NoError(t, err)
		assert.Equal(t, "http://"+want.url+":"+port, urlOf(l), addr)
		assert.Equal(t, want.public, isPublic(l), addr)
		require.NoError(t, l.Close())
	}
}
