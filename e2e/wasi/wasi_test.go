// Package wasi tests package wasi on real WASI runtimes, with programs that are killed.
package wasi

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/child"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

// rounds is how often the programs are killed on each runtime.
const rounds = 60

var built struct {
	writer, run, ship string
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "edgespan-wasi-")
	if err == nil {
		built.writer, built.run, built.ship = filepath.Join(dir, "writer.wasm"), filepath.Join(dir, "run"), filepath.Join(dir, "ship")
		err = build(built.writer, "./writer", "GOOS=wasip1", "GOARCH=wasm")
	}
	if err == nil {
		err = build(built.run, "./run")
	}
	if err == nil {
		err = build(built.ship, "./ship")
	}
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func build(out, pkg string, env ...string) error {
	cmd := exec.Command("go", "build", "-o", out, pkg)
	cmd.Env = append(os.Environ(), env...)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", pkg, err, text)
	}
	return nil
}

// runtimes returns the commands that run a program with a directory as its root.
func runtimes(t *testing.T) map[string][]string {
	node, err := exec.LookPath("node")
	require.NoError(t, err, "Node's WASI is the second runtime")
	script, err := filepath.Abs("run/node.mjs")
	require.NoError(t, err)
	return map[string][]string{"wazero": {built.run}, "node": {node, "--no-warnings", script}}
}

// receiver counts how often each root span has arrived.
type receiver struct {
	mu    sync.Mutex
	names map[string]int
	bad   int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // the shipper was killed while it sent
	}
	r.take(body)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

// take counts the spans in a body.
func (r *receiver) take(body []byte) {
	batches, err := otlp.Decode(body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.bad++
	}
	for _, b := range batches {
		for i := range b.Spans {
			if !b.Spans[i].ParentSpanID.IsValid() {
				r.names[b.Spans[i].Name]++
			}
		}
	}
}

// Post lets a receiver be a transport, too.
func (r *receiver) Post(_ context.Context, req *otlphttp.Request) (otlphttp.Response, error) {
	r.take(req.Body)
	return otlphttp.Response{Status: 200, ContentType: "application/json", Body: []byte("{}")}, nil
}

// start starts a program, and returns a function that kills it and returns its output.
func start(t *testing.T, command ...string) (kill func() string) {
	cmd := exec.Command(command[0], command[1:]...)
	child.EndWithParent(cmd)
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	text := make(chan string, 1)
	began := make(chan struct{})
	go func() {
		r := bufio.NewReader(out)
		_, _ = r.Peek(1)
		close(began)
		all, _ := io.ReadAll(r)
		text <- string(all)
	}()
	return func() string {
		if strings.HasSuffix(command[0], "ship") {
			_ = cmd.Process.Kill()
		} else {
			<-began // a runtime takes some time to start
			time.Sleep(rand.N(60 * time.Millisecond))
			_ = cmd.Process.Kill()
		}
		all := <-text
		_ = cmd.Wait()
		assert.Empty(t, errors.String())
		return all
	}
}

// Two writers and a shipper use one file and are killed at random times, again and again. Every span that a writer was told is
// kept must arrive.
func TestKilled(t *testing.T) {
	for name, command := range runtimes(t) {
		t.Run(name, func(t *testing.T) {
			far := &receiver{names: map[string]int{}}
			server := httptest.NewServer(far)
			defer server.Close()
			folder := t.TempDir()
			file := filepath.Join(folder, "spans.jsonl")
			kept := map[string]bool{}
			for round := range rounds {
				var mu sync.Mutex
				var writers sync.WaitGroup
				ship := start(t, built.ship, file, server.URL)
				for w := range 2 {
					id := fmt.Sprintf("%d.%d", round, w)
					kill := start(t, append(append([]string{}, command...), folder, built.writer, "/spans.jsonl", id, "1000000")...)
					writers.Add(1)
					go func() {
						defer writers.Done()
						text := kill()
						mu.Lock()
						defer mu.Unlock()
						for line := range strings.Lines(text) {
							if n, whole := strings.CutSuffix(line, "\n"); whole {
								kept[id+"-"+n] = true
							}
						}
					}()
				}
				writers.Wait()
				ship()
			}

			last := wasi.Open(file, wasi.Config{
				Sink:  otlphttp.New(otlphttp.Config{URL: server.URL, Transport: new(nethttp.Transport)}),
				Lease: time.Nanosecond,
			})
			require.NoError(t, last.Flush(context.Background()))
			lost, twice := 0, 0
			for name := range kept {
				if far.names[name] == 0 {
					lost++
				}
			}
			for _, n := range far.names {
				twice += n - 1
			}
			t.Logf("%d rounds on %s: %d traces kept, %d arrived, %d lost, %d came twice, %d torn at the end",
				rounds, name, len(kept), len(far.names), lost, twice, last.Stats().TornLines)
			assert.Greater(t, len(kept), rounds)
			assert.Zero(t, lost)
			assert.Zero(t, far.bad, "bodies that are no OTLP")
		})
	}
}

// If the directory cannot be written to or the disk is full, spans are dropped and counted. There is no other effect.
func TestNoRoom(t *testing.T) {
	commands := runtimes(t)
	for _, c := range []struct {
		name, folder, file string
		command            []string
		all                bool // all spans are dropped
	}{
		{"read-only", t.TempDir(), "/spans.jsonl", []string{built.run, "-ro"}, true},
		{"limited", t.TempDir(), "/spans.jsonl", []string{"bash", "-c", `trap "" XFSZ; ulimit -f 8; exec "$0" "$@"`, built.run}, false}, // the maximum size of a file, in KiB
		{"full, wazero", "/dev", "/full", commands["wazero"], true},
		{"full, node", "/dev", "/full", commands["node"], true},
		{"no folder", t.TempDir(), "/none/spans.jsonl", commands["wazero"], true},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Compile the program before, since the compiled file is larger than the limit.
			require.NoError(t, exec.Command(built.run, t.TempDir(), built.writer, "/other.jsonl", "x", "1").Run())
			kept, dropped := fill(t, c.command, c.folder, c.file, 100)
			assert.Positive(t, dropped)
			if c.all {
				assert.Zero(t, kept)
			}
		})
	}
}

// fill runs a program that keeps traces of two spans each. It returns how many spans are kept, and how many are dropped and
// counted.
func fill(t *testing.T, command []string, folder, file string, traces int) (kept, dropped int) {
	t.Helper()
	cmd := exec.Command(command[0], append(append([]string{}, command[1:]...), folder, built.writer, file, "x", strconv.Itoa(traces))...)
	out, err := cmd.Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	count, found := strings.CutPrefix(lines[len(lines)-1], "dropped ")
	require.True(t, found, lines)
	dropped, err = strconv.Atoi(count)
	require.NoError(t, err)
	kept = 2 * (len(lines) - 1)
	assert.Equal(t, 2*traces, kept+dropped, "each span is kept or counted")
	t.Logf("%d of %d spans dropped", dropped, 2*traces)
	return kept, dropped
}

// If the disk is full, Flush sends what is there even if it cannot record that a part was sent. Then there is room again.
func TestFullDisk(t *testing.T) {
	folder := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", folder).CombinedOutput(); err != nil {
		t.Logf("no small disk can be mounted here, so /dev/full has to do (see TestNoRoom): %s", out)
		return
	}
	t.Cleanup(func() { assert.NoError(t, exec.Command("umount", folder).Run()) })
	file := filepath.Join(folder, "spans.jsonl")
	kept, dropped := fill(t, []string{built.run}, folder, "/spans.jsonl", 1000)
	assert.Positive(t, kept)
	assert.Positive(t, dropped)

	far := &receiver{names: map[string]int{}}
	posts := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if posts++; posts == 2 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		far.ServeHTTP(w, r)
	}))
	defer server.Close()
	f := wasi.Open(file, wasi.Config{Sink: otlphttp.New(otlphttp.Config{URL: server.URL, Transport: new(nethttp.Transport), MaxBody: 5000})})
	require.ErrorContains(t, f.Flush(context.Background()), "503")
	assert.NotEmpty(t, far.names)
	require.NoError(t, f.Flush(context.Background()))
	assert.Len(t, far.names, kept/2, "all that was kept arrives")
	twice := 0
	for _, n := range far.names {
		twice += n - 1
	}
	t.Logf("%d of %d traces came twice", twice, kept/2)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
	again, _ := fill(t, []string{built.run}, folder, "/spans.jsonl", 10)
	assert.Equal(t, 20, again, "there is room again")
}

// Ids are valid and distinct, also on a host that has no randomness.
func TestRandomness(t *testing.T) {
	for _, source := range []string{"good", "none", "zeros"} {
		t.Run(source, func(t *testing.T) {
			folder := t.TempDir()
			const traces, programs = 500, 2
			for range programs {
				fill(t, []string{built.run, "-random", source}, folder, "/spans.jsonl", traces)
			}
			files, err := filepath.Glob(filepath.Join(folder, "spans.jsonl*")) // with its parts
			require.NoError(t, err)
			var lines []byte
			for _, name := range files {
				text, err := os.ReadFile(name)
				require.NoError(t, err)
				lines = append(lines, text...)
			}
			traceIDs, spanIDs := map[trace.TraceID]bool{}, map[trace.SpanID]bool{}
			for line := range bytes.Lines(lines) {
				batches, err := otlp.Decode(line)
				require.NoError(t, err)
				for _, d := range batches[0].Spans {
					traceIDs[d.SpanContext.TraceID] = true
					spanIDs[d.SpanContext.SpanID] = true
				}
			}
			assert.Equal(t, programs*traces, len(traceIDs))
			assert.Equal(t, 2*programs*traces, len(spanIDs))
			assert.False(t, traceIDs[trace.TraceID{}])
			assert.False(t, spanIDs[trace.SpanID{}])
		})
	}
}
