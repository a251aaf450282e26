package e2e

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/child"
)

// patience is the maximum time that a test waits for something. It is reached only if something is broken.
const patience = 30 * time.Second

// startTime is the maximum time in which a host compiles a service: it takes seconds, and longer on a busy machine.
const startTime = 3 * time.Minute

// process is a running host.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended and its output has been read

	mu     sync.Mutex
	stderr strings.Builder
}

// startProcess runs the host with a service, calls line with each line of its stdout, and returns when the host listens. The
// host chooses the port, so that no two use the same.
func startProcess(name, manifest, wasm string, line func(string)) (*process, string, error) {
	cmd, err := host.command(manifest, wasm)
	if err != nil {
		return nil, "", err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, "", err
	}
	child.EndWithParent(cmd)
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}

	p := &process{cmd: cmd, done: make(chan struct{})}
	address := make(chan string, 2)
	announce := func(text string) {
		if m := host.ready.FindStringSubmatch(text); m != nil {
			select {
			case address <- m[1]:
			default:
			}
		}
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		eachLine(stdout, dir+"/"+name+".stdout", func(text string) { announce(text); line(text) })
	})
	reading.Go(func() {
		eachLine(stderr, dir+"/"+name+".stderr", func(text string) { announce(text); p.note(text) })
	})
	go func() {
		reading.Wait()
		_ = cmd.Wait()
		close(p.done)
	}()

	select {
	case addr := <-address:
		return p, addr, nil
	case <-p.done:
		return nil, "", fmt.Errorf("%s ended before it listened:\n%s", cmd, p.said())
	case <-time.After(startTime):
		p.stop()
		return nil, "", fmt.Errorf("%s does not listen after %s:\n%s", cmd, startTime, p.said())
	}
}

// stop asks the host to end, and kills it if that takes too long.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	select {
	case <-p.done:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

func (p *process) note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stderr.WriteString(text)
	p.stderr.WriteByte('\n')
}

// said returns what the host and its guests have written to stderr.
func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

// eachLine calls f for each line until the end, and writes a copy to a file.
func eachLine(r io.Reader, path string, f func(string)) {
	if file, err := os.Create(path); err == nil {
		defer file.Close()
		r = io.TeeReader(r, file)
	}
	br := bufio.NewReaderSize(r, 64<<10)
	for {
		text, err := br.ReadString('\n')
		if text != "" {
			f(strings.TrimSuffix(text, "\n"))
		}
		if err != nil {
			return
		}
	}
}
