package e2e

import (
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// When `make serve` ends, so do the processes that it has started: after Ctrl-C, which signals all of them, and after a signal
// to make only.
func TestMakeServeLeavesNothingBehind(t *testing.T) {
	if host.name != "local" {
		t.Skip("make serve is about the local host")
	}
	for name, end := range map[string]func(pid int) error{
		"Ctrl-C":  func(pid int) error { return syscall.Kill(-pid, syscall.SIGINT) },
		"SIGTERM": func(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("make", "--no-print-directory", "serve", "ORIGIN=127.0.0.1:0", "SERVE_FLAGS=--addr 127.0.0.1:0")
			cmd.Dir = ".."
			cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			stderr, err := cmd.StderrPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			group := cmd.Process.Pid
			t.Cleanup(func() { _ = syscall.Kill(-group, syscall.SIGKILL) })

			found := make(chan []string, 1)
			over := make(chan struct{})
			go func() {
				defer close(over) // when no process is left that could write to it
				address := regexp.MustCompile(`http://(127\.0\.0\.1:[0-9]+)$`)
				var all, said []string
				eachLine(stderr, dir+"/makeserve.stderr", func(text string) {
					said = append(said, text)
					if m := address.FindStringSubmatch(text); m != nil {
						if all = append(all, m[1]); len(all) == 2 {
							found <- all
						}
					}
				})
				if len(all) < 2 {
					found <- nil
					t.Errorf("make serve said:\n%s", strings.Join(said, "\n"))
				}
			}()
			var addresses []string
			select {
			case addresses = <-found:
			case <-time.After(startTime):
			}
			require.Len(t, addresses, 2, "the origin and the host listen")
			require.NoError(t, end(group))
			select {
			case <-over:
			case <-time.After(patience):
				assert.Fail(t, "a process of it is still running")
			}
			_ = cmd.Wait()
			for _, address := range addresses {
				conn, err := net.Dial("tcp", address)
				assert.ErrorIs(t, err, syscall.ECONNREFUSED)
				if err == nil {
					conn.Close()
				}
			}
		})
	}
}

// Without its origin, `make serve` ends: the requests of the service would go to the program that listens there.
func TestMakeServeNeedsItsOrigin(t *testing.T) {
	if host.name != "local" {
		t.Skip("make serve is about the local host")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	cmd := exec.Command("make", "--no-print-directory", "serve", "ORIGIN="+l.Addr().String(), "SERVE_FLAGS=--addr 127.0.0.1:0")
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var said strings.Builder
	cmd.Stderr = &said
	require.NoError(t, cmd.Start())
	stop := time.AfterFunc(startTime, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	assert.Error(t, cmd.Wait()) // when no process is left that could write
	assert.True(t, stop.Stop(), "it ends by itself")
	assert.Contains(t, said.String(), "origin: "+l.Addr().String()+" is in use by another program, which would answer the backend requests: stop that program, or")
	assert.Contains(t, said.String(), "ORIGIN=HOST:PORT")
}
