package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func viewProcess(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"view", "--utc"}, args...)...)
	cmd.Env = append(os.Environ(), asCommand+"=1", "COLUMNS=90")
	return aside(cmd)
}

// runView returns the output of 'edgespan view' and its exit code.
func runView(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := viewProcess(t, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

const (
	viewLine = `otlp_logs :: {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"GET /","kind":2,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000001500000"}]}]}]}` + "\n"
	viewWant = `> GET /  1.50ms  1 span
  trace 4bf92f3577b34da6a3ce929d0e0e4736  2023-11-14 22:13:20.000 UTC
                        0        375us         750us        1.12ms         1.50ms
  GET /          server =========================================================  1.50ms

`
)

func TestViewReadsAPipe(t *testing.T) {
	out, errs, code := runView(t, "starting\x1b[2J\n"+viewLine)
	assert.Equal(t, viewWant, out)
	assert.Equal(t, "starting\n", errs, "text goes past the traces, without what a terminal obeys")
	assert.Zero(t, code)
}

func TestViewReadsFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "log")
	require.NoError(t, os.WriteFile(file, []byte("starting\n"+viewLine), 0o600))
	out, errs, code := runView(t, "", file)
	assert.Equal(t, viewWant, out)
	assert.Equal(t, "edgespan: 2 lines read: 1 not telemetry (--text show prints them)\n", errs)
	assert.Zero(t, code)
	_, errs, _ = runView(t, "", "--text=hide", file)
	assert.Empty(t, errs)

	out, errs, code = runView(t, "", filepath.Join(dir, "none"), file)
	assert.Equal(t, viewWant, out, "the other file is read all the same")
	assert.Contains(t, errs, "none: "+whyNot(t, filepath.Join(dir, "none")))
	assert.Equal(t, 1, code)
}

// A missing input is reported and counts for the exit code, whatever the others have.
func TestViewTellsOfAMissingInput(t *testing.T) {
	dir := t.TempDir()
	file, none := filepath.Join(dir, "log"), filepath.Join(dir, "none")
	require.NoError(t, os.WriteFile(file, []byte(viewLine), 0o600))
	page := filepath.Join(dir, "page.html")
	_, errs, code := runView(t, "", "--html", page, none, file)
	assert.Contains(t, errs, "none: "+whyNot(t, filepath.Join(dir, "none")))
	assert.Equal(t, 1, code)
	assert.FileExists(t, page, "of the other file")

	for _, args := range [][]string{{"--listen", "127.0.0.1:0"}, {"--follow"}} {
		cmd := viewProcess(t, append(args, none, file)...)
		stderr, err := cmd.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		line, err := bufio.NewReader(stderr).ReadString('\n')
		require.NoError(t, err)
		assert.Contains(t, line, "none: "+whyNot(t, none), "at once: the end may be far away")
		ctrlC(t, cmd)
		_, _ = io.Copy(io.Discard, stderr)
		assert.Error(t, cmd.Wait())
		assert.Equal(t, 1, cmd.ProcessState.ExitCode())
	}
}

func TestViewReadsStandardInputBesideFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(file, []byte(viewLine), 0o600))
	out, errs, code := runView(t, viewLine, "-")
	assert.Equal(t, viewWant, out, errs)
	assert.Zero(t, code)
	out, _, _ = runView(t, strings.ReplaceAll(viewLine, "0e4736", "000001"), file, "-")
	assert.Equal(t, 2, strings.Count(out, "> GET /"))
	_, errs, code = runView(t, viewLine, "-", "-")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "can be read only once")
}

func TestViewReadsADocumentThatSpansLines(t *testing.T) {
	var doc bytes.Buffer
	_, line, _ := strings.Cut(viewLine, " :: ")
	require.NoError(t, json.Indent(&doc, []byte(line), "", "    "))
	out, errs, code := runView(t, doc.String())
	assert.Equal(t, viewWant, out)
	assert.Empty(t, errs)
	assert.Zero(t, code)
}

func TestViewSaysWhenThereIsNothing(t *testing.T) {
	out, errs, code := runView(t, "hello\n", "--text=hide")
	assert.Empty(t, out)
	assert.Equal(t, "edgespan: 1 line read: no spans found\n", errs)
	assert.Zero(t, code)
	out, _, _ = runView(t, "hello\n", "--text=hide", "--summary")
	assert.Empty(t, out, "a table of nothing is none")
}

func TestViewColors(t *testing.T) {
	out, _, _ := runView(t, viewLine, "--color=always")
	assert.Contains(t, out, "\x1b[")
	assert.Contains(t, out, "━")
	out, _, _ = runView(t, viewLine, "--color=never")
	assert.Equal(t, viewWant, out)
}

func TestViewOtherOutputs(t *testing.T) {
	out, _, _ := runView(t, viewLine, "--raw")
	_, line, _ := strings.Cut(viewLine, " :: ")
	assert.Equal(t, line, out)
	out, _, _ = runView(t, viewLine, "--summary")
	assert.Contains(t, out, "GET /")
	out, errs, _ := runView(t, viewLine, "--errors")
	assert.Empty(t, out)
	assert.Contains(t, errs, "the filters match none of 1 trace")
}

func TestViewWritesAPage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "traces.html")
	_, errs, code := runView(t, viewLine, "--html", file)
	assert.Zero(t, code, errs)
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Contains(t, string(page), "4bf92f3577b34da6a3ce929d0e0e4736")

	_, errs, code = runView(t, viewLine, "--html", filepath.Join(file, "below a file"))
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, whyNot(t, filepath.Join(file, "below a file")))
}

// A page has the traces that the filters match, even if --keep other ones came later.
func TestViewWritesAPageOfChosenTraces(t *testing.T) {
	var in strings.Builder
	for i := range 1500 {
		status := ""
		if i < 3 {
			status = `,"status":{"code":2}`
		}
		fmt.Fprintf(&in, `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"GET /","startTimeUnixNano":"1","endTimeUnixNano":"2"%s}]}]}]}`+"\n", i+1, i+1, status)
	}
	file := filepath.Join(t.TempDir(), "traces.html")
	_, errs, code := runView(t, in.String(), "--errors", "--html", file)
	assert.Zero(t, code)
	assert.Empty(t, errs)
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	for i := range 5 {
		assert.Equal(t, i < 3, strings.Contains(string(page), fmt.Sprintf("%032x", i+1)), i)
	}

	_, errs, code = runView(t, in.String(), "--errors", "--keep=2", "--html", file)
	assert.Zero(t, code)
	assert.Equal(t, "edgespan: the page has the last 2 traces; 1 earlier ones are left out (--keep N keeps more)\n", errs)
	_, errs, code = runView(t, in.String(), "--slower=1s", "--html", file)
	assert.Zero(t, code)
	assert.Equal(t, "edgespan: the page is empty: the filters match none of 1500 traces\n", errs)
}

func TestViewRefusesWhatCanNotBeMeant(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lines.json")
	require.NoError(t, os.WriteFile(file, []byte(viewLine), 0o600))
	_, errs, code := runView(t, "", "--html", file, file)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "would overwrite")
	names := []string{filepath.Dir(file) + "/./lines.json"}
	if runtime.GOOS != "windows" { // where a link takes a privilege
		names = append(names, file+".link")
		require.NoError(t, os.Symlink(file, file+".link"))
	}
	for _, name := range names {
		_, errs, code = runView(t, "", "--html", name, file)
		assert.Equal(t, exitUsage, code)
		assert.Contains(t, errs, "would overwrite")
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, viewLine, string(kept))

	_, errs, code = runView(t, viewLine, "--raw", "--html", file+".html")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "--raw")
	assert.NoFileExists(t, file+".html")
	for _, args := range [][]string{
		{"--summary", "--raw"}, {"--follow"}, {"--follow", "-"}, {"--bogus"}, {"--keep=0"}, {"--keep=-1"}, {"--listen", "foo"}, {"--listen", ":99999"},
		{"--rows", "-1"}, {"--width", "-1"}, {"--slower=-1s"}, {"--join=-1s"}, {"--trace", "zzz"}, {"--trace", strings.Repeat("a", 33)}, {"--trace", "4bf9-2f35"},
	} {
		out, errs, code := runView(t, viewLine, args...)
		assert.Equal(t, exitUsage, code, args)
		assert.Empty(t, out, "stdout may be a file of lines")
		assert.Less(t, strings.Count(errs, "\n"), 4, errs)
	}
	_, errs, code = runView(t, "", "--listen", "foo")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "--listen foo is not of the form HOST:PORT")
	_, errs, _ = runView(t, "", "--bogus")
	assert.Equal(t, "edgespan: error: unknown flag --bogus\nRun \"edgespan view --help\" for all flags.\n", errs)
}

// startLive starts 'edgespan view' on a pipe, and returns when it reads: a line that is not telemetry comes out on stderr.
func startLive(t *testing.T, stdout io.Writer) (*exec.Cmd, io.WriteCloser) {
	t.Helper()
	cmd := viewProcess(t)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	cmd.Stdout = stdout
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	fmt.Fprintln(in, "ready")
	line, err := bufio.NewReader(stderr).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "ready\n", line)
	return cmd, in
}

// TestViewOutlivesCtrlC: Ctrl-C reaches both ends of a pipe, and serve still has to log how requests ended.
func TestViewOutlivesCtrlC(t *testing.T) {
	var out bytes.Buffer
	cmd, in := startLive(t, &out)
	ctrlC(t, cmd)
	time.Sleep(50 * time.Millisecond)
	fmt.Fprint(in, viewLine)
	in.Close()
	require.NoError(t, cmd.Wait())
	assert.Equal(t, viewWant, out.String())
}

func TestViewEndsWithTheSecondCtrlC(t *testing.T) {
	cmd, in := startLive(t, io.Discard)
	defer in.Close()
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	// Two signals close together may arrive as one, so more are sent. None is sent while the command ends, because that would kill it.
	for wait := 200 * time.Millisecond; wait <= time.Minute; wait = max(2*wait, 10*time.Second) {
		ctrlC(t, cmd)
		select {
		case err := <-done:
			assert.NoError(t, err)
			return
		case <-time.After(wait):
		}
	}
	_ = cmd.Process.Kill()
	t.Fatal("it goes on")
}

// requestLine is a request of 1 ms, a number of seconds later, in a trace that a client began elsewhere.
func requestLine(name string, after int) string {
	return fmt.Sprintf(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"%016x","parentSpanId":"00f067aa0ba902b7","flags":769,"name":%q,"kind":2,"startTimeUnixNano":"%d000000000","endTimeUnixNano":"%d001000000"}]}]}]}`+"\n",
		after+1, name, 1700000000+after, 1700000000+after)
}

func TestViewTakesEachRequestOfATraceForItself(t *testing.T) {
	lines := requestLine("GET /b", 0)
	for i := range 4 {
		lines += requestLine("GET /a", i+1)
	}
	out, _, _ := runView(t, lines, "--summary")
	assert.Equal(t, `root span    count   errors      p50      p95      p99      max
GET /a           4       0%   1.00ms   1.00ms   1.00ms   1.00ms
GET /b           1       0%   1.00ms   1.00ms   1.00ms   1.00ms
all              5       0%   1.00ms   1.00ms   1.00ms   1.00ms
`, out)
	out, _, _ = runView(t, lines, "--summary", "--route", "GET /a")
	assert.NotContains(t, out, "GET /b")
	out, _, _ = runView(t, lines, "--route", "GET /a")
	assert.Contains(t, out, "> GET /b  up to 1.00ms  5 requests within 4.00s  5 spans")
	_, errs, _ := runView(t, lines, "--slower", "1s")
	assert.Contains(t, errs, "the filters match none of 1 trace")
}

func TestViewNamesThePageThatCanNotBeWritten(t *testing.T) {
	page := filepath.Join(t.TempDir(), "none", "x.html")
	_, errs, code := runView(t, viewLine, "--html", page)
	assert.Equal(t, "edgespan: error: --html: open "+page+": "+whyNot(t, filepath.Dir(page))+"\n", errs)
	assert.Equal(t, 1, code)
}
