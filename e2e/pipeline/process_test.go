package pipeline

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/child"
	"github.com/edgespan/edgespan/internal/freeport"
)

// process is a program that runs besides the test. Its output is shown if the test fails.
type process struct {
	cmd   *exec.Cmd
	log   string // the file with its output
	ended chan struct{}
}

func start(tb testing.TB, name string, cmd *exec.Cmd) *process {
	log, err := os.Create(filepath.Join(tb.TempDir(), name+".log"))
	require.NoError(tb, err)
	cmd.Stdout, cmd.Stderr = log, log
	child.EndWithParent(cmd)
	require.NoError(tb, cmd.Start())
	p := &process{cmd: cmd, log: log.Name(), ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(p.ended)
	}()
	tb.Cleanup(func() {
		p.kill()
		_ = log.Close()
		if tb.Failed() {
			said := p.said()
			tb.Logf("--- %s, its last words\n%s", name, said[max(0, len(said)-8<<10):])
		}
	})
	return p
}

// said returns the output.
func (p *process) said() string {
	text, _ := os.ReadFile(p.log)
	return string(text)
}

// kill ends the process with SIGKILL, so that it can save nothing.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// running reports whether the process is running.
func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// freeAddress returns an address on which nobody listens.
func freeAddress(tb testing.TB) string {
	address, err := freeport.Address()
	require.NoError(tb, err)
	return address
}

// setting returns a variable that `make test-pipeline` sets. The tests cannot run without it.
func setting(tb testing.TB, name string) string {
	value := os.Getenv(name)
	if value == "" {
		tb.Fatalf("%s is not set: run make test-pipeline", name)
	}
	return value
}
