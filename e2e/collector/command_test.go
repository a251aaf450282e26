package collector

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/edgespan/edgespan/internal/child"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// edgespan builds the command once.
var edgespan = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "edgespan-collector-")
	if err != nil {
		return "", err
	}
	command := filepath.Join(dir, "edgespan")
	build := exec.Command("go", "build", "-o", command, "./cmd/edgespan")
	build.Dir = "../.."
	build.Env = append(os.Environ(), "GOWORK=")
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, text)
	}
	return command, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if command, err := edgespan(); err == nil {
		_ = os.RemoveAll(filepath.Dir(command))
	}
	os.Exit(code)
}

// process is a finished run of the command.
type process struct {
	stdout, stderr string
	code           int
	rss            int64 // maximum resident set size in bytes
}

func start(t *testing.T, out, errs *bytes.Buffer, args ...string) *exec.Cmd {
	t.Helper()
	command, err := edgespan()
	require.NoError(t, err)
	cmd := exec.Command(command, args...)
	cmd.Stdout, cmd.Stderr = out, errs
	child.EndWithParent(cmd)
	require.NoError(t, cmd.Start())
	return cmd
}

func run(t *testing.T, args ...string) process {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := start(t, &out, &errs, args...)
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	p := process{stdout: out.String(), stderr: errs.String(), code: cmd.ProcessState.ExitCode()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		p.rss = usage.Maxrss << 10 // Linux reports KiB
	}
	return p
}

// counter is a consumer that counts how often each span and log record has arrived.
type counter struct {
	mu    sync.Mutex
	spans map[pcommon.SpanID]int
	names map[string]int
	logs  map[string]int
	fail  func() error // called for each request
}

func newCounter() *counter {
	return &counter{spans: map[pcommon.SpanID]int{}, names: map[string]int{}, logs: map[string]int{}}
}

func (c *counter) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (c *counter) ConsumeTraces(_ context.Context, td ptrace.Traces) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail != nil {
		if err := c.fail(); err != nil {
			return err
		}
	}
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				c.spans[s.SpanID()]++
				c.names[s.Name()]++
			}
		}
	}
	return nil
}

func (c *counter) ConsumeLogs(_ context.Context, ld plog.Logs) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, l := range sl.LogRecords().All() {
				c.logs[l.Body().AsString()+" "+l.TraceID().String()+" "+l.SeverityText()]++
			}
		}
	}
	return nil
}

// duplicates returns how many surplus copies of spans have arrived.
func (c *counter) duplicates() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, times := range c.spans {
		n += times - 1
	}
	return n
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.spans)
}

// startBoth starts the Collector's receiver for traces and logs, and returns its address.
func startBoth(t *testing.T, c *counter) string {
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig().(*otlpreceiver.Config)
	address := freeAddress(t)
	config.Protocols.HTTP.GetOrInsertDefault().ServerConfig.NetAddr.Endpoint = address
	settings := receivertest.NewNopSettings(factory.Type())
	traces, err := factory.CreateTraces(background, settings, config, c)
	require.NoError(t, err)
	logs, err := factory.CreateLogs(background, settings, config, c)
	require.NoError(t, err)
	require.NoError(t, traces.Start(background, componenttest.NewNopHost()))
	require.NoError(t, logs.Start(background, componenttest.NewNopHost()))
	t.Cleanup(func() {
		_ = traces.Shutdown(background)
		_ = logs.Shutdown(background)
	})
	return "http://" + address
}

// lineFile writes each local trace as a line.
type lineFile struct {
	w       *bufio.Writer
	encoder otlp.Encoder
	buf     []byte
	size    int
	lines   int
}

func (f *lineFile) Export(_ context.Context, b *trace.Batch) error {
	f.buf = append(f.encoder.Append(append(f.buf[:0], "otlp_logs :: "...), b), '\n')
	f.size += len(f.buf)
	f.lines++
	_, err := f.w.Write(f.buf)
	return err
}

// writeLines writes a file of at least size bytes, and returns the numbers of lines and spans in it. Each trace is that of a
// request with four spans.
func writeLines(t *testing.T, name string, size int) (lines, spans int) {
	t.Helper()
	file, err := os.Create(name)
	require.NoError(t, err)
	f := &lineFile{w: bufio.NewWriterSize(file, 1<<20)}
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: f, OnError: func(err error) { t.Error(err) }})
	for i := 0; f.size < size; i++ {
		ctx, root := tp.Start(background, fmt.Sprintf("GET /items/{%d}", i%20), trace.StartConfig{Kind: trace.SpanKindServer})
		root.SetAttributes(trace.String("url.path", fmt.Sprint("/items/", i)), trace.Int("http.response.status_code", 200), trace.String("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)"))
		for _, name := range []string{"item.details", "item.stock", "render"} {
			_, child := trace.Start(ctx, name, trace.Int("i", i))
			child.AddEvent("row", trace.String("text", "some words"))
			if i%10 == 0 {
				child.SetStatus(trace.StatusError, "one in ten")
			}
			child.End()
		}
		root.End()
		spans += 4
	}
	require.NoError(t, f.w.Flush())
	require.NoError(t, file.Close())
	return f.lines, spans
}
