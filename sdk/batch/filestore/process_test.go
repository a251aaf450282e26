// In wasm there are no processes to kill.

//go:build !wasm

package filestore_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/batch/filestore"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("FILESTORE_TEST_PATH"); path != "" {
		live(path)
		return
	}
	os.Exit(m.Run())
}

// live is the process that is killed. It appends and clears without end, and prints what it has done.
func live(path string) {
	s := filestore.Open(path)
	held := 0
	for lines, err := s.Load(); ; lines, err = s.LoadMore() {
		if err != nil {
			fmt.Println("error", err)
			return
		}
		if len(lines) == 0 {
			break
		}
		held += len(lines)
		for _, line := range lines {
			fmt.Println("+" + string(line))
		}
	}
	fmt.Println("loaded")
	for i := 0; ; i++ {
		line := fmt.Sprintf("%d-%d", os.Getpid(), i) + strings.Repeat(".", rand.N(2000))
		if err := s.Append([]byte(line)); err != nil {
			fmt.Println("error", err)
			return
		}
		fmt.Println("+" + line)
		if held++; held > 20 {
			n := 1 + rand.N(held)
			fmt.Println("-" + strconv.Itoa(n)) // printed first: lines that are printed as cleared may or may not come again
			if err := s.Clear(n); err != nil {
				fmt.Println("error", err)
				return
			}
			held -= n
		}
	}
}

// Two processes at the same path are killed again and again. Lines that one has stored and not cleared are found by later
// processes.
func TestKilled(t *testing.T) {
	const rounds = 40
	name := path(t)
	kept := 0
	expected := map[string]bool{}
	for range rounds {
		type process struct {
			cmd   *exec.Cmd
			lines chan string
		}
		var two [2]process
		for i := range two {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "FILESTORE_TEST_PATH="+name)
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			two[i] = process{cmd, make(chan string, 1<<20)}
			ready := make(chan struct{})
			go func() {
				r := bufio.NewReader(out)
				for {
					line, err := r.ReadString('\n')
					if err != nil {
						close(two[i].lines)
						return
					}
					if line == "loaded\n" {
						close(ready)
						continue
					}
					two[i].lines <- line[:len(line)-1]
				}
			}()
			<-ready
		}
		time.Sleep(rand.N(20 * time.Millisecond))
		loaded := map[string]bool{}
		now := map[string]bool{}
		for _, p := range two {
			require.NoError(t, p.cmd.Process.Kill())
			var queue []string
			for line := range p.lines {
				switch line[0] {
				case '+':
					queue = append(queue, line[1:])
					loaded[line[1:]] = true
					kept++
				case '-':
					n, err := strconv.Atoi(line[1:])
					require.NoError(t, err)
					queue = queue[n:]
				default:
					t.Fatal(line)
				}
			}
			_ = p.cmd.Wait()
			for _, line := range queue {
				now[line] = true
			}
		}
		for line := range expected {
			require.True(t, loaded[line], "%s was kept and is not there", line)
		}
		expected = now
	}
	left := map[string]bool{}
	for _, line := range load(t, open(t, name)) {
		left[line] = true
	}
	for line := range expected {
		require.True(t, left[line], "%s was kept and is not there", line)
	}
	t.Logf("%d rounds of two processes killed: %d lines kept or taken over, none lost", rounds, kept)
}

// If the disk is full, Append returns an error, and the lines before stay complete.
func TestFullDisk(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no limit to set")
	}
	name := path(t)
	cmd := exec.Command("bash", "-c", `trap "" XFSZ; ulimit -f 8; exec "$0"`, os.Args[0]) // the limit of the size of files, in KiB
	cmd.Env = append(os.Environ(), "FILESTORE_TEST_PATH="+name)
	out, err := cmd.Output()
	require.NoError(t, err)
	text := strings.Split(strings.TrimSpace(string(out)), "\n")
	require.Contains(t, text[len(text)-1], "file too large")
	s := open(t, name)
	for _, line := range load(t, s) {
		assert.Contains(t, text, "+"+line)
	}
	add(t, s, "room again")
}
