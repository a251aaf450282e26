package lockfile

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const holds = "LOCKFILE_TEST_HOLDS"

func TestMain(m *testing.M) {
	if name := os.Getenv(holds); name != "" {
		f, err := Take(name)
		fmt.Println(f != nil, err)
		_, _ = os.Stdin.Read(make([]byte, 1)) // until it is killed
		runtime.KeepAlive(f)
		return
	}
	os.Exit(m.Run())
}

func TestTake(t *testing.T) {
	if !Excludes {
		t.Skip("this system keeps nobody out")
	}
	name := filepath.Join(t.TempDir(), "lock")
	mine, err := Take(name)
	require.NoError(t, err)
	require.NotNil(t, mine)
	other, err := Take(name)
	require.NoError(t, err)
	assert.Nil(t, other, "it is taken")
	require.NoError(t, mine.Close())

	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holds+"="+name)
	_, err = cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	said, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "true <nil>\n", said, "it was closed")
	other, err = Take(name)
	require.NoError(t, err)
	assert.Nil(t, other, "another process has it")
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	mine, err = Take(name)
	require.NoError(t, err)
	require.NotNil(t, mine, "that was killed")
	require.NoError(t, mine.Close())

	_, err = Take(filepath.Join(name, "below a file"))
	assert.Error(t, err)
}
