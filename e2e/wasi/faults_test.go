package wasi

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental/sys"
	"github.com/tetratelabs/wazero/experimental/sysfs"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	wazerosys "github.com/tetratelabs/wazero/sys"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/batch/filestore"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

// TestFaults lets each call of the file system that tracing makes fail, one at a time, in each way that it can fail. The program's own
// work must not change, all that is kept must arrive, each line must be whole, a loss must be counted and reported, and the next run
// must leave nothing behind.
func TestFaults(t *testing.T) {
	m := newMachine(t, "./faulty")
	m.flush = m.flushFile
	sound := m.run(&disk{at: -1})
	require.Empty(t, sound.wrong)
	require.Len(t, sound.kept, 7)
	assert.Equal(t, count(sound.calls, "write"), count(sound.calls, "sync"), "with Config.Sync, no line exists only in memory")
	m.letFail(sound, func(call string) (all []fault) {
		all = append(faultsOf(call), fault{name: "another program sends", meanwhile: m.flush})
		if call == "write" {
			all = append(all,
				fault{name: "another program writes", meanwhile: func() { m.append("other", 1) }},
				fault{name: "another program dies", meanwhile: func() { m.append("other", 0.5) }})
		}
		return all
	})
}

// A wrong clock changes nothing.
func TestClocks(t *testing.T) {
	m := newMachine(t, "./faulty")
	m.flush = m.flushFile
	day := int64(0)
	for name, now := range map[string]func() int64{
		"stands still":   func() int64 { return 0 },
		"before 1970":    func() int64 { return -1e18 },
		"far future":     func() int64 { return math.MaxInt64 },
		"runs backwards": func() int64 { day++; return 2e18 - day*86_400e9 },
		"runs fast":      func() int64 { day++; return day * 86_400e9 },
	} {
		o := m.run(&disk{at: -1}, func(c wazero.ModuleConfig) wazero.ModuleConfig {
			return c.WithWalltime(func() (int64, int32) { return now() / 1e9, 0 }, 1000)
		})
		assert.Empty(t, o.wrong, name)
		assert.Len(t, o.kept, 7, name)
	}
}

// TestStoreFaults does the same with package filestore, whose calls on WASI are those of any other system.
func TestStoreFaults(t *testing.T) {
	m := newMachine(t, "./faultystore")
	m.flush = m.flushStore
	m.before = func() { // a process has died here
		m.append("old0", 1)
		m.append("old1", 1)
		m.write([]byte("#1\n"))
		m.append("torn", 0.5)
	}
	sound := m.run(&disk{at: -1})
	require.Empty(t, sound.wrong)
	require.Len(t, sound.kept, 7)
	require.Contains(t, sound.calls, "rename")
	m.letFail(sound, faultsOf)
}

func count(all []string, what string) (n int) {
	for _, s := range all {
		if s == what {
			n++
		}
	}
	return n
}

// letFail runs the program once for each of its calls and each fault of that call.
func (m *machine) letFail(sound outcome, faults func(call string) []fault) {
	runs := 0
	for at, call := range sound.calls {
		if at == 0 || at == len(sound.calls)-1 {
			continue // wazero opens and closes the folder
		}
		for _, f := range faults(call) {
			o := m.run(&disk{at: at, fault: f})
			runs++
			where := fmt.Sprintf("call %d of %d, %s: %s", at, len(sound.calls), call, f.name)
			if !f.kill {
				assert.Equal(m.t, sound.work, o.work, where)
			}
			assert.Empty(m.t, o.wrong, where)
		}
	}
	m.t.Logf("%d faults", runs)
	assert.Greater(m.t, runs, 3*len(sound.calls)-10)
}

// faultsOf returns the ways in which a call can fail. ENOENT is none: what it says would have to be true.
func faultsOf(call string) []fault {
	all := []fault{
		{name: "killed", kill: true},
		{name: "EIO", errno: sys.EIO},
		{name: "EACCES from now on", errno: sys.EACCES, stays: true},
	}
	switch call {
	case "open", "read":
		all = append(all, fault{name: "EINTR", errno: sys.EINTR})
	case "write":
		all = append(all,
			fault{name: "EINTR", errno: sys.EINTR},
			fault{name: "killed in the middle", half: true, kill: true},
			fault{name: "short", half: true},
			fault{name: "disk full in the middle", half: true, errno: sys.EIO})
	}
	return all
}

// machine runs a program whose calls fail.
type machine struct {
	t       *testing.T
	runtime wazero.Runtime
	program wazero.CompiledModule
	before  func() // makes the files that are there before
	flush   func() // sends what the program has left, as another program does

	file string    // with the spans
	far  *receiver // of all spans
}

func newMachine(t *testing.T, program string) *machine {
	ctx := context.Background()
	name := filepath.Join(t.TempDir(), "program.wasm")
	require.NoError(t, build(name, program, "GOOS=wasip1", "GOARCH=wasm"))
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	m := &machine{t: t, runtime: wazero.NewRuntime(ctx), before: func() {}}
	t.Cleanup(func() { _ = m.runtime.Close(ctx) })
	wasi_snapshot_preview1.MustInstantiate(ctx, m.runtime)
	m.program, err = m.runtime.CompileModule(ctx, text)
	require.NoError(t, err)
	return m
}

// outcome is what a run has led to.
type outcome struct {
	calls []string // of the file system
	work  []string
	kept  []string
	wrong []string
}

// run runs the program on a disk. After that, another program makes up for what the run could not do.
func (m *machine) run(d *disk, change ...func(wazero.ModuleConfig) wazero.ModuleConfig) (o outcome) {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "edgespan-faults-")
	require.NoError(m.t, err)
	defer os.RemoveAll(folder)
	m.file, m.far = filepath.Join(folder, "spans.jsonl"), &receiver{names: map[string]int{}}
	m.before()

	d.FS = sysfs.DirFS(folder)
	var out bytes.Buffer
	config := wazero.NewModuleConfig().WithName("").WithFSConfig(wazero.NewFSConfig().(sysfs.FSConfig).WithSysFSMount(d, "/")).
		WithStdout(&out).WithStderr(&out).WithSysWalltime().WithSysNanotime()
	for _, f := range change {
		config = f(config)
	}
	_, err = m.runtime.InstantiateModule(ctx, m.program, config)
	o.calls, d.sound = d.calls, true
	bad := func(format string, args ...any) { o.wrong = append(o.wrong, fmt.Sprintf(format, args...)) }
	exit, _ := err.(*wazerosys.ExitError)
	if died := exit != nil && exit.ExitCode() == killed; died != d.kill || !died && err != nil {
		bad("it ended with %v", err)
	}
	dropped, errors, last := 0, 0, ""
	for line := range strings.Lines(out.String()) {
		what, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch what {
		case "work":
			o.work = append(o.work, text)
		case "kept":
			o.kept = append(o.kept, text)
		case "dropped":
			dropped++
		case "error":
			errors++
		case "sent":
			m.far.names[text]++
		case "flushed":
			last = text
		default:
			bad("it printed %s", line)
		}
	}
	if lost := len(o.work) - len(o.kept) - dropped; lost != 0 && !d.kill || lost > 1 {
		bad("%d spans are not counted", lost)
	}
	if dropped > 0 && errors == 0 {
		bad("%d spans were dropped, and no error was reported", dropped)
	}
	if dropped > 1 && len(o.kept) > 0 && !d.stays {
		bad("%d spans were dropped after one fault", dropped)
	}
	for _, left := range names(folder) {
		if info, err := os.Stat(filepath.Join(folder, left)); err == nil && info.Size() > 0 && last == "<nil>" {
			bad("Flush returned no error, but %s is left", left)
		}
	}

	m.flush()
	for _, name := range o.kept {
		if n := m.far.names[name]; n == 0 {
			bad("%s was kept and did not arrive", name)
		} else if n > 1 && dropped == 1 && !d.stays {
			bad("%s arrived twice, because the file could not be written once", name)
		}
	}
	for _, left := range names(folder) {
		bad("%s is left", left)
	}
	if m.far.bad > 0 {
		bad("%d invalid lines were sent", m.far.bad)
	}
	return o
}

// append appends a part of a line to the file, as another program does.
func (m *machine) append(name string, part float64) {
	line := (&otlp.Encoder{}).Append(nil, &trace.Batch{Spans: []trace.SpanData{{Name: name}}})
	line = append(line, '\n')
	m.write(line[:int(part*float64(len(line)))])
}

func (m *machine) write(text []byte) {
	f, err := os.OpenFile(m.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(m.t, err)
	defer f.Close()
	_, err = f.Write(text)
	require.NoError(m.t, err)
}

func (m *machine) sink() batch.Sink {
	return otlphttp.New(otlphttp.Config{URL: "http://collector", Transport: m.far})
}

// flushFile is flush for the files of package wasi.
func (m *machine) flushFile() {
	f := wasi.Open(m.file, wasi.Config{Sink: m.sink(), Lease: time.Nanosecond})
	require.NoError(m.t, f.Export(context.Background(), &trace.Batch{Spans: []trace.SpanData{{Name: "after"}}}))
	require.NoError(m.t, f.Flush(context.Background()))
	require.NotZero(m.t, m.far.names["after"])
}

// flushStore is flush for the files of package filestore.
func (m *machine) flushStore() {
	store := filestore.Open(m.file)
	p := batch.New(batch.Config{Sink: m.sink(), Store: store, Mode: batch.Manual, OnError: func(err error) { require.NoError(m.t, err) }})
	require.NoError(m.t, p.Export(context.Background(), &trace.Batch{Spans: []trace.SpanData{{Name: "after"}}}))
	require.NoError(m.t, p.Shutdown(context.Background()))
	require.NoError(m.t, store.Close())
	require.NotZero(m.t, m.far.names["after"])
	require.NotZero(m.t, m.far.names["old1"], "what an earlier process has left")
	info, err := os.Stat(m.file)
	require.NoError(m.t, err)
	require.Zero(m.t, info.Size())
	require.NoError(m.t, os.Remove(m.file))
	require.NoError(m.t, os.Remove(m.file+".lock"))
}

func names(folder string) (all []string) {
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}
