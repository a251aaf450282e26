// The same systems as in internal/lockfile: on others, nobody knows that a file is in use.

//go:build (darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows) && !tinygo

package filestore_test

import (
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/batch/filestore"
)

func TestLivingStoresShareAPath(t *testing.T) {
	name := path(t)
	a, b := open(t, name), open(t, name)
	assert.Empty(t, load(t, a))
	add(t, a, "a1")
	assert.Empty(t, load(t, b), "a still holds it")
	add(t, b, "b1", "b2")
	add(t, a, "a2")
	require.NoError(t, a.Clear(1))
	require.NoError(t, b.Clear(1))
	require.NoError(t, a.Close())
	require.NoError(t, b.Close())

	c := open(t, name)
	assert.Equal(t, []string{"a2", "b2"}, load(t, c), "both are gone")
	require.NoError(t, c.Clear(1))
	require.NoError(t, c.Close())
	assert.Equal(t, []string{"b2"}, load(t, open(t, name)), "it was taken over")
}

// A file that is not needed yet stays where it is.
func TestPortionsAreFiles(t *testing.T) {
	name := path(t)
	var living []*filestore.Store
	for _, line := range []string{"a", "b", "c"} {
		s := open(t, name)
		load(t, s)
		add(t, s, line)
		living = append(living, s)
	}
	for _, s := range living {
		require.NoError(t, s.Close())
	}
	s := open(t, name)
	for _, want := range []string{"a", "b", "c"} {
		lines, err := s.LoadMore()
		if want == "a" {
			require.Error(t, err, "it is not open")
			lines, err = s.Load()
		}
		require.NoError(t, err)
		require.Len(t, lines, 1)
		assert.Equal(t, want, string(lines[0]))
		_, err = os.Stat(name + ".2")
		assert.Equal(t, want == "c", os.IsNotExist(err), "%s is loaded", want)
	}
	lines, err := s.LoadMore()
	require.NoError(t, err)
	assert.Empty(t, lines)
}

// Stores that open at the same time share the files that are there. It is no error for one if another was faster.
func TestManyTakeOverAtOnce(t *testing.T) {
	for range 20 {
		name := path(t)
		for i := 8; i < 64; i++ {
			require.NoError(t, os.WriteFile(name+"."+strconv.Itoa(i), []byte("x\n"), 0o600))
		}
		var loaded [6]int
		var together sync.WaitGroup
		for i := range loaded {
			s := open(t, name)
			together.Add(1)
			go func() {
				defer together.Done()
				loaded[i] = len(load(t, s))
			}()
		}
		together.Wait()
		sum := 0
		for _, n := range loaded {
			sum += n
		}
		require.Equal(t, 56, sum)
	}
}

// If a file beside the own one cannot be read, the error is returned, and the files after it are found.
func TestBadNeighbour(t *testing.T) {
	name := path(t)
	require.NoError(t, os.Mkdir(name+".1", 0o700))
	require.NoError(t, os.WriteFile(name+".2", []byte("two\n"), 0o600))
	s := open(t, name)
	lines, err := s.Load()
	require.ErrorContains(t, err, name+".1")
	assert.Equal(t, [][]byte{[]byte("two")}, lines)
	lines, err = s.LoadMore()
	require.NoError(t, err)
	assert.Empty(t, lines)
}
