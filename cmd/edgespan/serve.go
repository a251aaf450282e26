package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/host"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/page"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

// drainTime is how long a first Ctrl-C leaves guests to finish what they do.
const drainTime = 10 * time.Second

// serveCommand is 'edgespan serve'.
type serveCommand struct {
	Manifest     string `short:"C" default:"fastly.toml" placeholder:"FILE" help:"The service's manifest (${default})."`
	Wasm         string `default:"bin/main.wasm" placeholder:"FILE" help:"The compiled service (${default})."`
	Addr         string `default:"127.0.0.1:7676" placeholder:"HOST:PORT" help:"Where to listen (${default}); port 0 takes a free one."`
	MaxSandboxes int    `default:"64" placeholder:"N" help:"How many sandboxes may run at a time (${default}); further requests wait."`
	ReuseLimit   int    `default:"5" placeholder:"N" help:"How many requests a sandbox may take after its first, if the service asks for more (${default}); -1 for any number."`
	PushpinPort  int    `placeholder:"PORT" help:"Port of a local Pushpin, for services that use Fanout."`
	LogStdout    bool   `help:"Print the service's stdout as 'stdout :: line', like a log endpoint."`
	LogStderr    bool   `help:"Print the service's stderr as 'stderr :: line', like a log endpoint."`
	View         string `placeholder:"HOST:PORT" help:"Show the traces, as they arrive, on a page at this address: 127.0.0.1:7675, or :0 for a free port."`
	CacheDir     string `default:"${cache}" placeholder:"DIR" help:"Where compiled code is kept for the next start, ${cache_limit} at most (${default}); what was used longest ago goes first."`
	NoCache      bool   `help:"Do not keep compiled code for the next start."`
	Verbose      bool   `short:"v" help:"Tell of every request and every failed call to a backend."`
}

// Help is the long text of 'edgespan serve --help'.
func (serveCommand) Help() string {
	return `Reads [local_server] of the manifest in the format of Fastly's own local server, and starts a fresh sandbox for
each request. Lines that the service logs are printed to stdout as 'name :: line', among what it prints there itself; what the host
has to say goes to stderr. The service has to be built before, to bin/main.wasm as 'fastly compute build' does, and the backends
have to be running.

  edgespan serve | edgespan view
  edgespan serve --view 127.0.0.1:7675
  edgespan serve | edgespan ship

What compiling takes seconds for is kept, so that the next start is quick; --cache-dir says where. docs/serve.md has more, and
where this host differs from Fastly's.

This is for development: it trusts whoever can reach it, and no limits of the platform but memory are enforced.`
}

// check refuses what can not be meant.
func (s serveCommand) check() error {
	switch {
	case s.ReuseLimit < -1:
		return usage("--reuse-limit has to be 0 or more, or -1 for any number")
	case s.MaxSandboxes < 1:
		return usage("--max-sandboxes has to be above 0")
	case s.PushpinPort < 0 || s.PushpinPort > 65535:
		return usage("--pushpin-port is a port, from 1 to 65535")
	}
	if s.View != "" {
		if err := checkAddress("--view", s.View); err != nil {
			return err
		}
	}
	return checkAddress("--addr", s.Addr)
}

// Run serves until it is interrupted.
func (s serveCommand) Run() error {
	if err := s.check(); err != nil {
		return err
	}
	m, err := manifest.Read(s.Manifest)
	for _, notice := range m.Notices {
		fmt.Fprintf(os.Stderr, "%s%s\n", host.NotePrefix, safetext.Clean(s.Manifest+": "+notice))
	}
	if err != nil {
		return err
	}
	listener, err := listen("--addr", s.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()

	ctx, stopPage := context.WithCancel(context.Background())
	defer stopPage()
	var stdout io.Writer = os.Stdout
	if s.View != "" {
		hub := page.NewHub(page.DefaultKeep, traces.Filter{})
		if _, err := servePage(ctx, hub, "--view", s.View); err != nil {
			return err
		}
		stdout = io.MultiWriter(hub, os.Stdout) // the page does not miss what can not be printed
	}

	h, err := host.New(host.Config{
		Wasm: s.Wasm, Build: howToBuild(m, s.Wasm), Manifest: m, CacheDir: s.cacheDir(),
		MaxSandboxes: s.MaxSandboxes, ReuseLimit: s.reuseLimit(), PushpinPort: s.PushpinPort,
		LogStdout: s.LogStdout, LogStderr: s.LogStderr, Verbose: s.Verbose,
		Stdout: stdout, Stderr: os.Stderr,
	})
	if err != nil {
		return err
	}
	defer h.Close()

	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)

	server := h.Server()
	served := make(chan error, 1)
	go func() { served <- server.Serve(h.Listener(listener)) }()
	fmt.Fprintln(os.Stderr, "A local Compute host for development, not for production. Ctrl-C stops it.")
	if s.View == "" && isTerminal(os.Stdout) {
		fmt.Fprintln(os.Stderr, "What the service logs comes as it is; to see its traces: edgespan serve | edgespan view")
	}
	if isPublic(listener) {
		fmt.Fprintln(os.Stderr, host.NotePrefix+"whoever reaches this address can use the service")
	}
	fmt.Fprintf(os.Stderr, "Listening on %s\n", urlOf(listener))

	select {
	case err := <-served:
		return err
	case <-interrupts:
	}
	drain, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	go func() {
		<-interrupts
		os.Exit(130)
	}()
	return shutDown(drain, server, h)
}

// howToBuild is the manifest's own command, where it makes the file that is missing: the CLI expects bin/main.wasm beside the manifest.
func howToBuild(m *manifest.Manifest, wasm string) string {
	dir := filepath.Dir(m.Path)
	switch {
	case m.Build == "" || filepath.Clean(wasm) != filepath.Join(dir, "bin", "main.wasm"):
		return ""
	case dir == ".":
		return m.Build
	}
	return "cd " + dir + " && " + m.Build
}

// shutDown lets requests and guests finish. What is not done in time is cut off, which is no error.
func shutDown(ctx context.Context, server *http.Server, h *host.Host) error {
	if server.Shutdown(ctx) != nil || h.Drain(ctx) != nil {
		fmt.Fprintln(os.Stderr, host.NotePrefix+"stopped before all requests were done")
	}
	return nil
}

// reuseLimit maps the flag to the host's setting, where zero means the default.
func (s serveCommand) reuseLimit() int {
	if s.ReuseLimit == 0 {
		return host.NoReuse
	}
	return s.ReuseLimit
}

func (s serveCommand) cacheDir() string {
	if s.NoCache {
		return ""
	}
	return s.CacheDir
}

// defaultCacheDir is where compiled code is kept; empty, for nowhere, where the system knows no such place.
func defaultCacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "edgespan", "compiled")
}
