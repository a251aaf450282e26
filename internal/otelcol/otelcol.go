// Package otelcol runs, for tests, the OpenTelemetry Collector that `make collector` builds. It receives OTLP over HTTP and
// writes what it has understood to a file of OTLP/JSON.
package otelcol

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/edgespan/edgespan/internal/child"
	"github.com/edgespan/edgespan/internal/freeport"
)

// Collector is a running Collector.
type Collector struct {
	Address string // host and port of its receiver

	file string
	cmd  *exec.Cmd
	log  bytes.Buffer
	done chan struct{}
}

// config accepts anything from pages of any origin.
const config = `
receivers:
  otlp:
    protocols:
      http:
        endpoint: %s
        cors: { allowed_origins: ["http://*"], allowed_headers: ["*"] }
exporters:
  file:
    path: %s
    append: true
    flush_interval: 20ms
service:
  telemetry: { metrics: { level: none }, logs: { level: warn } }
  pipelines:
    traces: { receivers: [otlp], exporters: [file] }
`

// Start starts a Collector that writes to traces.json in folder, and returns when it listens. If address is empty, it takes a
// free port.
func Start(binary, folder, address string) (*Collector, error) {
	if address == "" {
		var err error
		if address, err = freeport.Address(); err != nil {
			return nil, err
		}
	}
	c := &Collector{Address: address, file: filepath.Join(folder, "traces.json"), done: make(chan struct{})}
	c.cmd = exec.Command(binary, "--config", "yaml:"+fmt.Sprintf(config, address, c.file))
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	child.EndWithParent(c.cmd)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = c.cmd.Wait()
		close(c.done)
	}()
	for range 600 { // the start may take seconds on a busy machine
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return c, nil
		}
		select {
		case <-c.done:
			return nil, errors.New("the Collector has ended: " + c.log.String())
		case <-time.After(100 * time.Millisecond):
		}
	}
	c.Stop()
	return nil, errors.New("the Collector does not listen: " + c.log.String())
}

// Stop ends the process. Everything that the Collector has acknowledged is in the file by then.
func (c *Collector) Stop() {
	_ = c.cmd.Process.Signal(os.Interrupt)
	select {
	case <-c.done:
	case <-time.After(10 * time.Second):
		_ = c.cmd.Process.Kill()
		<-c.done
	}
}

// Lines returns what has been received so far. Each line is a TracesData.
func (c *Collector) Lines() ([][]byte, error) {
	data, err := os.ReadFile(c.file)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	whole := data[:bytes.LastIndexByte(data, '\n')+1] // the rest is still being written
	return bytes.FieldsFunc(whole, func(r rune) bool { return r == '\n' }), nil
}

// Find returns the path of the Collector's binary: $OTELCOL, or bin/otelcol-edgespan below root.
func Find(root string) (string, error) {
	path := os.Getenv("OTELCOL")
	if path == "" {
		path = filepath.Join(root, "bin", "otelcol-edgespan")
	}
	path, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return "", fmt.Errorf("no Collector: make collector builds one: %w", err)
	}
	return path, nil
}
