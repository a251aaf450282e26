package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Lines for which there is no room are not written in part: the next run writes them again.
func TestRejectsThatDoNotFit(t *testing.T) {
	name := filepath.Join(t.TempDir(), "rejects")
	f, err := openRejects(name)
	require.NoError(t, err)
	defer f.Close()
	_, err = f.Write([]byte("one\n"))
	require.NoError(t, err)

	var old syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old))
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 10, Max: old.Max}))
	_, err = f.Write([]byte("two\nthree\n"))
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old))
	require.Error(t, err)

	_, err = f.Write([]byte("two\nthree\n"))
	require.NoError(t, err)
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "one\ntwo\nthree\n", string(text))
}

// A file that is not regular, such as a pipe or /dev/stderr, is only written to.
func TestRejectsToADevice(t *testing.T) {
	f, err := openRejects("/dev/null")
	require.NoError(t, err)
	defer f.Close()
	_, err = f.Write([]byte("one\n"))
	require.NoError(t, err)
}
