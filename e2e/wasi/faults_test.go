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
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

// TestFaults lets each call of the file system that tracing makes fail, one at a time, in each way that it can fail. The program's own
// work must not change, all that is kept must arrive, each line must be whole, a loss must be counted and reported, and the next run
// must leave nothing behind.
func TestFaults(t *testing.T) {
	m := newMachine(t)
	sound := m.run(&disk{at: -1})
	require.Empty(t, sound.wrong)
	require.Len(t, sound.kept, 8)
	assert.Equal(t, count(sound.calls, "write"), count(sound.calls, "sync"), "with Config.Sync, no line exists only in memory")
	runs := 0
	for at, call := range sound.calls {
		if at == 0 || at == len(sound.calls)-1 {
			continue // wazero opens and closes the folder
		}
		for _, f := range m.faultsOf(call) {
			o := m.run(&disk{at: at, fault: f})
			runs++
			where := fmt.Sprintf("call %d of %d, %s: %s", at, len(sound.calls), call, f.name)
			if !f.kill {
				assert.Equal(t, sound.work, o.work, where)
			}
			assert.Empty(t, o.wrong, where)
		}
	}
	t.Logf("%d faults", runs)
	assert.Greater(t, runs, 500)
}

// A wrong clock changes nothing.
func TestClocks(t *testing.T) {
	m := newMachine(t)
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
		assert.Len(t, o.kept, 8, name)
	}
}

func count(all []string, what string) (n int) {
	for _, s := range all {
		if s == what {
			n++
		}
	}
	return n
}

// faultsOf returns the ways in which a call can fail. ENOENT is none: what it says would have to be true.
func (m *machine) faultsOf(call string) []fault {
	all := []fault{
		{name: "killed", kill: true},
		{name: "EIO", errno: sys.EIO},
		{name: "EACCES from now on", errno: sys.EACCES, stays: true},
		{name: "another program sends", meanwhile: m.flush},
	}
	switch call {
	case "open", "read":
		all = append(all, fault{name: "EINTR", errno: sys.EINTR})
	case "write":
		all = append(all,
			fault{name: "EINTR", errno: sys.EINTR},
			fault{name: "killed in the middle", half: true, kill: true},
			fault{name: "short", half: true},
			fault{name: "disk full in the middle", half: true, errno: sys.EIO},
			fault{name: "another program writes", meanwhile: func() { m.append("other", 1) }},
			fault{name: "another program dies", meanwhile: func() { m.append("other", 0.5) }},
		)
	}
	return all
}

// machine runs the program faulty.
type machine struct {
	t       *testing.T
	runtime wazero.Runtime
	program wazero.CompiledModule
	file    string    // with the spans
	far     *receiver // of the spans that other programs send
}

func newMachine(t *testing.T) *machine {
	ctx := context.Background()
	name := filepath.Join(t.TempDir(), "faulty.wasm")
	require.NoError(t, build(name, "./faulty", "GOOS=wasip1", "GOARCH=wasm"))
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	m := &machine{t: t, runtime: wazero.NewRuntime(ctx)}
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
	if d.open != 0 {
		bad("%d files are open", d.open)
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
			m.far.take([]byte(text))
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
	for _, left := range names(folder) {
		if info, err := os.Stat(filepath.Join(folder, left)); err == nil && info.Size() > 0 && last == "<nil>" {
			bad("Flush returned no error, but %s is left", left)
		}
	}

	m.append("after", 1)
	m.flush()
	o.kept = append(o.kept, "after")
	for _, name := range o.kept {
		if m.far.names[name] == 0 {
			bad("%s was kept and did not arrive", name)
		}
	}
	if left := names(folder); len(left) > 0 {
		bad("these files are left: %s", left)
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
	f, err := os.OpenFile(m.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(m.t, err)
	defer f.Close()
	_, err = f.Write(line[:int(part*float64(len(line)))])
	require.NoError(m.t, err)
}

// flush sends what is there, as another program does.
func (m *machine) flush() {
	sink := otlphttp.New(otlphttp.Config{URL: "http://collector", Transport: m.far})
	require.NoError(m.t, wasi.Open(m.file, wasi.Config{Sink: sink, Lease: time.Nanosecond}).Flush(context.Background()))
}

func names(folder string) (all []string) {
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}
