package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/sys"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// Config says what to run. Manifest, Stdout and Stderr may be left out.
type Config struct {
	Wasm     string             // the file of the guest module
	Build    string             // the command that builds Wasm, for messages; empty if unknown
	Manifest *manifest.Manifest // backends, stores and so on
	CacheDir string             // keeps compiled code, up to CacheLimit; empty to keep none

	MaxSandboxes int // at the same time; 0 for 64. Further requests wait.
	ReuseLimit   int // further requests that a sandbox may serve after its first; 0 for 5, negative for any number
	PushpinPort  int // of a local Pushpin; 0 for none

	LogStdout, LogStderr bool // print the guest's own output like lines of a log endpoint
	Verbose              bool

	Stdout, Stderr io.Writer

	shared      wazero.CompilationCache // used instead of CacheDir, and not closed with the host; for tests
	drainLimit  drainLimit              // defaultDrainLimit if zero; for tests
	abandonTime time.Duration           // defaultAbandonTime if zero; for tests
	between     *between                // for tests
}

// NoReuse as the ReuseLimit gives each request its own sandbox.
const NoReuse = math.MinInt

// Host runs a guest module for each request. Its methods may be called concurrently.
type Host struct {
	cfg       Config
	manifest  *manifest.Manifest
	ctx       context.Context // ends when the host closes
	cancel    context.CancelFunc
	memoryCtx context.Context
	runtime   wazero.Runtime
	guest     wazero.CompiledModule
	cache     wazero.CompilationCache
	code      *codeCache // where the guest's compiled code is kept; nil for none

	stdout, stderr     *lockedWriter
	guestOut, guestErr io.Writer
	said               sync.Map     // notices that were printed
	saidNames          atomic.Int32 // how many of them onceNamed has printed

	origins map[string]*origin
	kv      map[string]*kvStore
	core    *cache
	rates   *rates
	lastID  atomic.Uint64
	warm    chan *instance

	dispatcher
}

const (
	defaultMaxSandboxes = 64
	defaultReuseLimit   = 5
	maxQueued           = 4096
)

// New compiles the guest and prepares the host to serve.
func New(cfg Config) (*Host, error) {
	if cfg.Manifest == nil {
		cfg.Manifest = &manifest.Manifest{}
	}
	if cfg.MaxSandboxes <= 0 {
		cfg.MaxSandboxes = defaultMaxSandboxes
	}
	if cfg.ReuseLimit == 0 {
		cfg.ReuseLimit = defaultReuseLimit
	}
	if cfg.drainLimit == (drainLimit{}) {
		cfg.drainLimit = defaultDrainLimit
	}
	if cfg.abandonTime == 0 {
		cfg.abandonTime = defaultAbandonTime
	}
	h := &Host{
		cfg:      cfg,
		manifest: cfg.Manifest,
		stdout:   &lockedWriter{w: cfg.Stdout},
		stderr:   &lockedWriter{w: cfg.Stderr},
		origins:  map[string]*origin{},
		kv:       map[string]*kvStore{},
		core:     newCache(),
		rates:    newRates(),
		warm:     make(chan *instance, 1),
	}
	h.stdout.failed = func(err error) {
		h.once("stdout", "the service's log lines cannot be written to stdout and are lost: %v", err)
	}
	h.guestOut, h.guestErr = h.stdout, h.stderr
	if cfg.LogStdout {
		h.guestOut = endpointWriter{h.stdout, "stdout"}
	}
	if cfg.LogStderr {
		h.guestErr = endpointWriter{h.stdout, "stderr"}
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.memoryCtx = withMemory(h.ctx)
	for name, b := range cfg.Manifest.Backends {
		h.origins[name] = newOrigin(name, b, false)
	}

	for name, entries := range cfg.Manifest.KVStores {
		h.kv[name] = newKVStore(entries)
	}

	if err := h.prepare(); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// prepare compiles the guest and makes the first instance, so that faults of the module are reported now and not at the first
// request.
func (h *Host) prepare() error {
	if err := h.compile(h.ctx, h.cfg.Wasm, h.cfg.CacheDir); err != nil {
		return err
	}
	if err := h.linkWASI(h.ctx); err != nil {
		return err
	}
	if err := h.link(h.ctx, h.guest); err != nil {
		return err
	}
	in, err := h.instantiate()
	if err != nil {
		return fmt.Errorf("%s: %w", h.cfg.Wasm, err)
	}
	h.warm <- in
	return nil
}

// closeTime is how long Close waits for guests.
const closeTime = 5 * time.Second

// Close ends the host. If guests do not end in time, Close leaves them running, because their memory cannot be freed while they
// run.
func (h *Host) Close() error {
	h.cancel()
	for _, o := range h.origins {
		o.close()
	}
	if h.code != nil {
		h.code.used() // it was in use until now
	}
	if h.runtime == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	if err := h.Drain(ctx); err != nil {
		return errors.New("some sandboxes still run")
	}
	err := h.runtime.Close(ctx)
	if h.cache != nil && h.cache != h.cfg.shared {
		err = errors.Join(err, h.cache.Close(ctx))
	}
	return err
}

// ServeHTTP gives the request to a sandbox, and writes its answer.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if why := refusal(r); why != "" {
		http.Error(w, NotePrefix+why, http.StatusBadRequest)
		return
	}
	if why := badHost(r); why != "" {
		h.notef("%s %s: %s: the client got a %d, and the service was not called; Viceroy closes the connection, or calls the service, and compute-sdk-go panics before any handler",
			r.Method, quoted(r.RequestURI), why, http.StatusBadRequest)
		http.Error(w, NotePrefix+why, http.StatusBadRequest)
		return
	}
	// Without this, net/http reads the rest of the request's body before it writes the response.
	http.NewResponseController(w).EnableFullDuplex()
	ex := newExchange(h.lastID.Add(1)-1, w, r)
	h.verbosef("request %d %s %s", ex.id, r.Method, ex.url)
	if !h.dispatch(ex) {
		http.Error(w, NotePrefix+"too many requests are waiting for a sandbox", http.StatusServiceUnavailable)
		ex.drain(h.cfg.drainLimit)
		return
	}
	ex.serve(h)
}

// take returns an instance that is ready to start, and begins to make the next one.
func (h *Host) take() (*instance, error) {
	select {
	case in := <-h.warm:
		go h.refill()
		return in, nil
	default:
		return h.instantiate()
	}
}

func (h *Host) refill() {
	in, err := h.instantiate()
	if err != nil {
		return // the next request gets the same error, and reports it
	}
	select {
	case h.warm <- in:
	default:
		in.mod.Close(h.ctx)
	}
}

// run serves one exchange in a new sandbox, and then the exchanges that the guest asks for.
func (h *Host) run(ex *exchange) {
	in, err := h.take()
	if err != nil {
		h.notef("request %d: no sandbox could be made: %v", ex.id, err)
		ex.say(answer{crash: "no sandbox could be made: " + err.Error()})
		return
	}
	sb := newSandbox(h, ex, in)
	defer sb.end()
	err = h.start(sb)
	why := ""
	var exit *sys.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		if exit.ExitCode() != 0 {
			why = fmt.Sprintf("the service exited with code %d", exit.ExitCode())
		}
	default:
		why, _, _ = strings.Cut(err.Error(), "\n")
		why = "the service trapped: " + why
	}
	h.verbosef("sandbox %d ended after %d ms of running", sb.id, sb.vcpu().Milliseconds())
	if why == "" {
		sb.respond(answer{status: http.StatusOK, body: &body{}}) // the response of a guest that sends none is a 200
		return
	}
	last := sb.client
	if sb.respond(answer{crash: why, status: http.StatusInternalServerError}) {
		h.notef("request %d %s %s: %s before it sent a response; the client got a 500", last.id, last.r.Method, last.r.URL.EscapedPath(), why)
	} else {
		h.notef("request %d %s %s: %s after it had sent its response", last.id, last.r.Method, last.r.URL.EscapedPath(), why)
	}
	if exit == nil {
		for line := range strings.SplitSeq(err.Error(), "\n") { // the guest's stack
			h.verbosef("%s", line)
		}
	}
}

// start runs the guest to its end. It recovers panics of host calls, so that a mistake there does not end the host.
func (h *Host) start(sb *sandbox) (err error) {
	defer sb.mod.Close(context.Background())
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v\n%s", r, debug.Stack())
		}
	}()
	_, err = sb.mod.ExportedFunction("_start").Call(sb.ctx)
	return err
}

// NotePrefix begins each message of the host. The tracer in a guest begins its messages on the same stderr with "edgespan: ".
const NotePrefix = "edgespan serve: "

// notef prints one line about the host. The text is made safe for a terminal, since it may contain text of clients, guests and
// backends.
func (h *Host) notef(format string, args ...any) {
	fmt.Fprintln(h.stderr, NotePrefix+safetext.Clean(fmt.Sprintf(format, args...)))
}

func (h *Host) verbosef(format string, args ...any) {
	if h.cfg.Verbose {
		h.notef(format, args...)
	}
}

// once is notef, but only the first call with a key prints. It tells whether it did.
func (h *Host) once(key, format string, args ...any) bool {
	_, said := h.said.LoadOrStore(key, true)
	if !said {
		h.notef(format, args...)
	}
	return !said
}

// maxNames is how many names the notices are about. A service may make names of what its clients send.
const maxNames = 1000

// onceNamed is once for a key with a name that the guest has chosen.
func (h *Host) onceNamed(key, format string, args ...any) {
	if h.saidNames.Load() < maxNames && h.once(key, format, args...) && h.saidNames.Add(1) == maxNames {
		h.notef("there were %d notices about names that do not exist; there will be no more", maxNames)
	}
}

// lockedWriter keeps the lines of concurrent sandboxes apart.
type lockedWriter struct {
	mu     sync.Mutex
	w      io.Writer
	failed func(error) // may be nil
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	if l.w == nil {
		return len(p), nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.w.Write(p)
	if err != nil && l.failed != nil {
		l.failed(err)
	}
	return n, err
}
