package main

import (
	"net"
	"os"
	"os/exec"
	"strings"
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

func TestListenWhereSomebodyElseDoes(t *testing.T) {
	l, err := listen("--addr", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	for flag, args := range map[string][]string{"--addr": {"serve", "-C", "../../fastly.toml", "--addr"}, "--listen": {"view", "--listen"}} {
		cmd := exec.Command(os.Args[0], append(args, l.Addr().String())...)
		cmd.Env = append(os.Environ(), asCommand+"=1")
		cmd.Stdin = strings.NewReader(viewLine)
		out, err := cmd.CombinedOutput()
		assert.Error(t, err)
		assert.Contains(t, string(out), l.Addr().String()+" is already in use, perhaps by another edgespan: stop that program, or choose another address with "+flag)
	}
}
