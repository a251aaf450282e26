package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/host"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/page"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

// drainTime is how long guests may go on after the first Ctrl-C.
const drainTime = 10 * time.Second

// serveCommand is 'edgespan serve'.
type serveCommand struct {
	Manifest     string `short:"C" default:"fastly.toml" placeholder:"FILE" help:"The service's manifest (${default})."`
	Wasm         string `default:"bin/main.wasm" placeholder:"FILE" help:"The compiled service (${default})."`
	Addr         string `default:"127.0.0.1:7676" placeholder:"HOST:PORT" help:"The address to listen on (${default}); port 0 takes a free one."`
	MaxSandboxes int    `default:"64" placeholder:"N" help:"How many sandboxes may run at the same time (${default}); further requests wait."`
	ReuseLimit   int    `default:"5" placeholder:"N" help:"How many more requests a sandbox may serve after its first, if the service asks for them (${default}); -1 for any number."`
	PushpinPort  int    `placeholder:"PORT" help:"The port of a local Pushpin, for services that use Fanout."`
	LogStdout    bool   `help:"Print the service's stdout as 'stdout :: line', like a log endpoint."`
	LogStderr    bool   `help:"Print the service's stderr as 'stderr :: line', like a log endpoint."`
	View         string `placeholder:"HOST:PORT" help:"Show the traces on a live page at this address, such as 127.0.0.1:7675, or :0 for a free port."`
	CacheDir     string `default:"${cache}" placeholder:"DIR" help:"The folder that keeps compiled code for the next start (${cache_place}); above ${cache_limit} the code that was used longest ago is removed."`
	NoCache      bool   `help:"Do not keep compiled code for the next start."`
	Verbose      bool   `short:"v" help:"Report every request and every failed call to a backend."`
}

// Help is the long text of 'edgespan serve --help'.
func (serveCommand) Help() string {
	return `Runs the compiled service with the backends and stores of [local_server] in fastly.toml, which it reads as Fastly's own local
server does. Each request gets a fresh sandbox, unless the service asks to serve several. Build the service first ('fastly compute build' makes
bin/main.wasm), and start the backends.

Stdout has what the service prints, and its log lines as 'name :: line'. Stderr has the messages of this host.

  edgespan serve | edgespan view
  edgespan serve --view 127.0.0.1:7675
  edgespan serve | edgespan ship

Compiling a service takes seconds, so the result is kept in --cache-dir for the next start. docs/serve.md tells more, and how this host
differs from Fastly's.

This host is for development: it trusts everyone who can reach it, and memory is the only limit of the platform that it enforces.`
}

// check refuses values that make no sense.
func (s serveCommand) check() error {
	switch {
	case s.ReuseLimit < -1:
		return usage("--reuse-limit must be 0 or more, or -1 for any number")
	case s.MaxSandboxes < 1:
		return usage("--max-sandboxes must be above 0")
	case s.PushpinPort < 0 || s.PushpinPort > 65535:
		return usage("--pushpin-port must be a port, from 1 to 65535")
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
		stdout = io.MultiWriter(hub, os.Stdout) // the hub comes first, so that the page has the traces even if stdout fails
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
	log.SetFlags(0)
	log.SetOutput(h.HTTPLog().Writer()) // net/http's client, which the backends are called with, has no log of its own

	interrupted := make(chan struct{})
	onInterrupts(false, func() { close(interrupted) }, func() { os.Exit(130) })

	server := h.Server()
	served := make(chan error, 1)
	go func() { served <- server.Serve(h.Listener(listener)) }()
	fmt.Fprintln(os.Stderr, "A local Compute host for development, not for production. Ctrl-C stops it.")
	if s.View == "" && isTerminal(os.Stdout) {
		fmt.Fprintln(os.Stderr, "Log lines are printed as they are. To see them as traces: edgespan serve | edgespan view")
	}
	if isPublic(listener) {
		fmt.Fprintln(os.Stderr, host.NotePrefix+"anyone who can reach this address can use the service")
	}
	fmt.Fprintf(os.Stderr, "Listening on %s\n", urlOf(listener))

	select {
	case err := <-served:
		return err
	case <-interrupted:
	}
	drain, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	return shutDown(drain, server, h)
}

// howToBuild returns the manifest's build command if it makes the given file, otherwise "". The CLI expects the build to make bin/main.wasm
// beside the manifest.
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

// shutDown lets requests and guests finish, and cuts them off when ctx ends. That is not an error.
func shutDown(ctx context.Context, server *http.Server, h *host.Host) error {
	if server.Shutdown(ctx) != nil || h.Drain(ctx) != nil {
		fmt.Fprintln(os.Stderr, host.NotePrefix+"stopped before all requests were finished")
	}
	return nil
}

// reuseLimit maps the flag to the host's setting, in which zero means the default.
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

// defaultCacheDir returns the folder that keeps compiled code, or "" if the system has no folder for caches: then none is kept.
func defaultCacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "edgespan", "compiled")
}
