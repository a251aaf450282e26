package e2e

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The services under test.
var (
	example  = &service{name: "example", pkg: "./example-service", manifest: writeExampleManifest}
	kinds    = &service{name: "kinds", pkg: "./e2e/guests/kinds"}
	untraced = &service{name: "kinds-untraced", pkg: "./e2e/guests/kinds", tags: "untraced"}
	odd      = &service{name: "odd", pkg: "./e2e/guests/odd"}
	many     = &service{name: "many", pkg: "./e2e/guests/many"}
	edge     = &service{name: "edge", pkg: "./e2e/guests/edge"}

	bare     = &service{name: "bare", pkg: "./example-service"} // the example without its stores
	platform = &service{name: "platform", pkg: "./e2e/guests/platform", manifest: writePlatformManifest}

	services = []*service{example, bare, kinds, untraced, odd, many, edge}
)

// service is a guest and, once a test has used it, the process that serves it.
type service struct {
	name, pkg, tags string
	local           string                  // more of the manifest; DIR is replaced by the directory of the run
	manifest        func(path string) error // nil means writeManifest

	once sync.Once
	err  error
	proc *process
	addr string // host:port
	log  lines
}

// afresh returns the same service in a new process, with empty caches and the stores of the manifest.
func (s *service) afresh() *service {
	another := &service{name: s.name, pkg: s.pkg, tags: s.tags, local: s.local, manifest: s.manifest}
	services = append(services, another)
	return another
}

// use starts the service if it is not running.
func (s *service) use(t *testing.T) *service {
	t.Helper()
	s.once.Do(func() { s.err = s.start() })
	require.NoError(t, s.err, "starting %s on %s", s.name, host.name)
	return s
}

func (s *service) start() error {
	readLastRun()
	wasm, err := buildGuest(s.name, s.pkg, s.tags)
	if err != nil {
		return err
	}
	manifest := dir + "/" + s.name + ".toml"
	write := s.manifest
	if write == nil {
		write = func(path string) error { return writeManifest(path, strings.ReplaceAll(s.local, "DIR", dir)) }
	}
	if err := write(manifest); err != nil {
		return err
	}
	s.proc, s.addr, err = startProcess(s.name, manifest, wasm, s.log.add)
	return err
}

// says waits until the host or the guest has written text to stderr.
func (s *service) says(t *testing.T, text string) {
	t.Helper()
	assert.Eventually(t, func() bool { return strings.Contains(s.proc.said(), text) }, patience, 5*time.Millisecond,
		"nobody says %q", text)
}

func (s *service) stop() {
	if s.proc != nil {
		s.proc.stop()
	}
}
