package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/host"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/waterfall"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Config says what to run and how to show it.
type Config struct {
	Wasm     string
	Build    string             // the command that builds Wasm, for messages
	Manifest *manifest.Manifest // the demo's origin stands in for its backends
	CacheDir string
	Draw     waterfall.Options
	Out      io.Writer
}

// patience is how long to wait for an answer or a trace.
const patience = 15 * time.Second

// Run shows the demo. The error says what was not as expected.
func Run(ctx context.Context, cfg Config) error {
	d := &demo{Config: cfg, origin: newOrigin(), sink: newSink()}
	originAddr, stop, err := listen(d.origin)
	if err != nil {
		return err
	}
	defer stop()
	h, err := d.startHost(originAddr)
	if err != nil {
		return err
	}
	defer h.Close()
	addr, stop, err := listen(h)
	if err != nil {
		return err
	}
	defer stop()

	fmt.Fprintf(cfg.Out, "The service %s runs on the local Compute host at http://%s.\nIts backends (%s) are an origin at http://%s.\n\n",
		cfg.Wasm, addr, strings.Join(slices.Sorted(maps.Keys(cfg.Manifest.Backends)), ", "), originAddr)
	for _, r := range requests {
		d.send(ctx, "http://"+addr, r)
	}
	return d.end()
}

type demo struct {
	Config
	origin *origin
	sink   *sink
	stderr lockedBuffer
	line   string // the shortest log line
	spans  int
	logs   int
	wrong  []string
}

func (d *demo) startHost(originAddr string) (*host.Host, error) {
	m := *d.Manifest
	m.Backends = map[string]*manifest.Backend{}
	for name := range d.Manifest.Backends {
		m.Backends[name] = &manifest.Backend{URL: &url.URL{Scheme: "http", Host: originAddr}}
	}
	return host.New(host.Config{Wasm: d.Wasm, Build: d.Build, Manifest: &m, CacheDir: d.CacheDir, Stdout: d.sink, Stderr: &d.stderr})
}

// send sends one request, and shows and checks the trace that it leaves.
func (d *demo) send(ctx context.Context, base string, r request) {
	note := ""
	if r.traceparent != "" {
		note = "   traceparent: " + r.traceparent
	}
	fmt.Fprintf(d.Out, "# %s\n$ GET %s%s\n\n", r.about, r.path, note)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	fail := func(format string, args ...any) {
		text := "GET " + r.path + ": " + fmt.Sprintf(format, args...)
		d.wrong = append(d.wrong, text)
		fmt.Fprintf(d.Out, "! %s\n\n", text)
	}
	status, err := get(ctx, base+r.path, r.traceparent)
	if err != nil {
		fail("%v", err)
	} else if status != r.status {
		fail("the status is %d, not %d", status, r.status)
	}
	t, line, err := d.await(ctx, r.urlPath())
	parents := d.origin.takeParents()
	if err != nil {
		fail("%v", err)
		return
	}
	d.spans += len(t.Spans)
	if d.line == "" || len(line) < len(d.line) {
		d.line = line
	}
	if t.Logs, err = d.awaitLogs(ctx, t.ID, len(r.logs)); err != nil {
		fail("%v", err)
	}
	_, _ = d.Out.Write(waterfall.Append(nil, t, d.Draw))
	for _, text := range r.check(t, parents) {
		fail("%s", text)
	}
}

func get(ctx context.Context, url, traceparent string) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	if traceparent != "" {
		req.Header.Set("Traceparent", traceparent)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// await returns the trace whose root has the path. The trace is written after the response, so it may arrive later.
func (d *demo) await(ctx context.Context, path string) (*traces.Trace, string, error) {
	for {
		select {
		case l := <-d.sink.lines:
			t := traceOf(l.record)
			if t == nil || t.Root() == nil {
				continue
			}
			if v, _ := t.Root().Attribute("url.path"); v.Str() == path {
				return t, l.text, nil
			}
		case <-ctx.Done():
			return nil, "", errors.New("no trace arrived from the service")
		}
	}
}

// awaitLogs returns the log records of a trace: n records, which arrive in one line after the trace's.
func (d *demo) awaitLogs(ctx context.Context, id trace.TraceID, n int) ([]lines.Log, error) {
	for n > 0 {
		select {
		case l := <-d.sink.lines:
			if len(l.record.Logs) > 0 && l.record.Logs[0].TraceID == id {
				d.logs += len(l.record.Logs)
				return l.record.Logs, nil
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("%d log records were expected, and none arrived", n)
		}
	}
	return nil, nil
}

func (d *demo) end() error {
	if d.line != "" {
		fmt.Fprintf(d.Out, "# The log endpoint receives one line for each of these traces. The shortest:\n\n%s\n\n", d.line)
	}
	if len(d.wrong) == 0 {
		fmt.Fprintf(d.Out, "%d requests, %d traces, %d spans, %d log records: each was answered as expected, and each trace is complete.\n", len(requests), len(requests), d.spans, d.logs)
		return nil
	}
	if said := d.stderr.String(); said != "" {
		fmt.Fprintf(d.Out, "The host and the service printed on stderr:\n%s\n", said)
	}
	return fmt.Errorf("not as expected:\n  %s", strings.Join(d.wrong, "\n  "))
}

// listen serves h on a free port of the loopback address.
func listen(h http.Handler) (addr string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: patience}
	go func() { _ = server.Serve(l) }()
	return l.Addr().String(), func() { _ = server.Close() }, nil
}

// lockedBuffer is a bytes.Buffer that several goroutines can use.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
