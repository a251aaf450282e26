// Package wasi tests the package of that name on real WASI runtimes, with programs that are killed.
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

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/wasi"
)

// rounds is how often the programs are killed, on each runtime.
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

// runtimes are commands that run a program with a folder as its root.
func runtimes(t *testing.T) map[string][]string {
	node, err := exec.LookPath("node")
	require.NoError(t, err, "Node's WASI is the second runtime")
	script, err := filepath.Abs("run/node.mjs")
	require.NoError(t, err)
	return map[string][]string{"wazero": {built.run}, "node": {node, "--no-warnings", script}}
}

// receiver counts how often each root has come.
type receiver struct {
	mu    sync.Mutex
	names map[string]int
	bad   int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // the shipper was killed on its way
	}
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
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

// start starts a program, and returns what kills it and gives its output.
func start(t *testing.T, command ...string) (kill func() string) {
	cmd := exec.Command(command[0], command[1:]...)
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
			<-began // a runtime takes its time to start
			time.Sleep(rand.N(60 * time.Millisecond))
			_ = cmd.Process.Kill()
		}
		all := <-text
		_ = cmd.Wait()
		assert.Empty(t, errors.String())
		return all
	}
}

// Two writers and a shipper at one file, all killed at random points, again and again: what a writer was told is kept arrives.
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

// A folder that can't be written to, and a disk without room, cost spans, which are counted, and nothing else.
func TestNoRoom(t *testing.T) {
	for name, command := range map[string][]string{
		"read-only": {built.run, "-ro"},
		"full":      {"bash", "-c", `trap "" XFSZ; ulimit -f 8; exec "$0" "$@"`, built.run}, // in KiB: what a file may grow to
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			// The compiled program is there before, since its file is larger.
			require.NoError(t, exec.Command(built.run, folder, built.writer, "/other.jsonl", "x", "1").Run())
			cmd := exec.Command(command[0], append(command[1:], folder, built.writer, "/spans.jsonl", "x", "100")...)
			out, err := cmd.Output()
			require.NoError(t, err)
			text := string(out)
			_, count, found := strings.Cut(strings.TrimSpace(text[strings.LastIndex(strings.TrimSpace(text), "\n")+1:]), "dropped ")
			require.True(t, found, text)
			dropped, err := strconv.Atoi(count)
			require.NoError(t, err)
			assert.Positive(t, dropped)
			assert.Equal(t, 200, dropped+2*(strings.Count(text, "\n")-1), "each span is kept or counted")
			t.Logf("%d of 200 spans dropped", dropped)
		})
	}
}
