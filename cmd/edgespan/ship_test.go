package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shipResult is the result of a run of 'edgespan ship'.
type shipResult struct {
	stdout, stderr string
	code           int
}

func shipProcess(env []string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append([]string{"ship"}, args...)...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, otelPrefix) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, asCommand+"=1")
	cmd.Env = append(cmd.Env, env...)
	return aside(cmd)
}

func runShip(t *testing.T, stdin string, env []string, args ...string) shipResult {
	t.Helper()
	cmd := shipProcess(env, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return shipResult{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// otlpServer accepts everything and records requests.
type otlpServer struct {
	mu       sync.Mutex
	requests []*http.Request
	answer   func(w http.ResponseWriter, r *http.Request)
}

func (s *otlpServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = io.Copy(io.Discard, r.Body)
	s.requests = append(s.requests, r)
	if s.answer != nil {
		s.answer(w, r)
		return
	}
	_, _ = io.WriteString(w, "{}")
}

func (s *otlpServer) answers(f func(w http.ResponseWriter, r *http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

// asked returns the requests so far.
func (s *otlpServer) asked() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.requests...)
}

func newOTLPServer(t *testing.T) (*otlpServer, string) {
	s := &otlpServer{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, server.URL
}

func TestShipAPipe(t *testing.T) {
	s, url := newOTLPServer(t)
	r := runShip(t, "Listening\n"+viewLine+viewLine, nil, "-o", url)
	assert.Regexp(t, `^lines +3 read, 1 not telemetry
spans +2 sent
requests +1 made
volume +\d+ B of JSON, \d+ B compressed
$`, r.stdout)
	assert.Equal(t, "Listening\n", r.stderr)
	assert.Zero(t, r.code)
	require.Len(t, s.asked(), 1)
	assert.Equal(t, "/v1/traces", s.asked()[0].URL.Path)
	assert.Equal(t, "application/json", s.asked()[0].Header.Get("Content-Type"))
	assert.Equal(t, "gzip", s.asked()[0].Header.Get("Content-Encoding"))
	assert.Regexp(t, `^edgespan/\d`, s.asked()[0].Header.Get("User-Agent"))
}

func TestShipExitCodes(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "lines")
	require.NoError(t, os.WriteFile(file, []byte(viewLine), 0o600))
	words := filepath.Join(dir, "words")
	require.NoError(t, os.WriteFile(words, []byte("words\n"), 0o600))
	s, url := newOTLPServer(t)
	for _, c := range []struct {
		name   string
		answer int
		args   []string
		code   int
		says   string
	}{
		{"delivered", 200, []string{file}, 0, ""},
		{"nothing to do", 200, []string{os.DevNull}, 0, ""},
		{"unknown flag", 200, []string{"--bogus", file}, 2, "unknown flag"},
		{"checkpoint of a pipe", 200, []string{"-c", "x"}, 2, "not on standard input: name a file"},
		{"start at the end of all there is", 200, []string{"--start-at=end", "x"}, 2, "add --follow"},
		{"bad header", 200, []string{"-H", "s3cr3t", file}, 2, "--header number 1 is not of the form"},
		{"header of HTTP itself", 200, []string{"-H", "Host=s3cr3t", file}, 2, "cannot be sent"},
		{"bad size", 200, []string{"--batch-bytes", "9 lives", file}, 2, "is not a size"},
		{"unknown compression", 200, []string{"--compression", "zip", file}, 2, `--compression must be gzip or none, not "zip"`},
		{"bad endpoint", 200, []string{"-o", "localhost:4318", file}, 2, "the endpoint must begin with http://"},
		{"password in the endpoint", 200, []string{"-o", "http://u:s3cr3t@localhost", file}, 2, "header"},
		{"rejects into what is read", 200, []string{"--rejects", dir + "/./lines", file}, 2, "a file that is to be read"},
		{"rejects into the checkpoint", 200, []string{"--rejects", "new", "-c", "./new", file}, 2, "or to the checkpoint"},
		{"checkpoint in what is read", 200, []string{"-c", dir + "/./lines", file}, 2, "a file that is to be read"},
		{"nothing in a file", 200, []string{words}, 3, "no telemetry in this file"},
		{"no file", 200, []string{file + "-none"}, 1, whyNot(t, file+"-none")},
		{"not allowed", 401, []string{"-H", "Authorization=Bearer s3cr3t", file}, 1, "check the credentials"},
		{"given up", 503, []string{"--retry-for", "1ms", file}, 1, "gave up after 1 try"},
		{"refused", 400, []string{file}, 3, "not everything can be delivered: 1 refused item"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.answers(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(c.answer)
				_, _ = io.WriteString(w, `{"message":"you sent `+r.Header.Get("Authorization")+`"}`)
			})
			args := c.args
			if !strings.Contains(strings.Join(args, " "), "-o ") {
				args = append([]string{"-o", url}, args...)
			}
			r := runShip(t, "", nil, args...)
			assert.Equal(t, c.code, r.code, r.stderr)
			assert.Contains(t, r.stderr, c.says)
			assert.NotContains(t, r.stderr+r.stdout, "s3cr3t")
			if c.name == "no file" {
				assert.Empty(t, r.stdout)
			}
		})
	}
}

func TestShipObeysTheEnvironment(t *testing.T) {
	s, url := newOTLPServer(t)
	log := `{"time":"2023-11-14T22:13:20Z","msg":"hi","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}` + "\n"
	r := runShip(t, viewLine+log, []string{
		otelPrefix + "ENDPOINT=" + url + "/base/", otelPrefix + "HEADERS=x-a=1, x-b=two%20words", otelPrefix + "LOGS_ENDPOINT=" + url + "/logs",
		otelPrefix + "LOGS_HEADERS=x-a=3", otelPrefix + "COMPRESSION=none", otelPrefix + "PROTOCOL=grpc", otelPrefix + "TIMEOUT=9000",
	}, "-H", "X-B=flag")
	require.Zero(t, r.code, r.stderr)
	assert.Contains(t, r.stderr, "OTEL_EXPORTER_OTLP_PROTOCOL is grpc, but ship sends only http/json")
	require.Len(t, s.asked(), 2)
	spans, logs := s.asked()[0], s.asked()[1]
	assert.Equal(t, "/base/v1/traces", spans.URL.Path)
	assert.Equal(t, "/logs", logs.URL.Path)
	assert.Equal(t, []string{"1"}, spans.Header.Values("X-A"))
	assert.Equal(t, []string{"flag"}, spans.Header.Values("X-B"))
	assert.Equal(t, []string{"3"}, logs.Header.Values("X-A"))
	assert.Empty(t, spans.Header.Get("Content-Encoding"))

	r = runShip(t, viewLine, []string{otelPrefix + "HEADERS=s3cr3t"}, "-o", url)
	assert.Equal(t, 2, r.code)
	assert.Contains(t, r.stderr, "not understood: OTEL_EXPORTER_OTLP_HEADERS. Write headers as k=v,k=v, and the timeout in milliseconds\n")
	assert.NotContains(t, r.stderr, "s3cr3t")
	r = runShip(t, viewLine, []string{otelPrefix + "LOGS_HEADERS=x=s3cr3t%0A"}, "-o", url)
	assert.Equal(t, 2, r.code)
	assert.Contains(t, r.stderr, "OTEL_EXPORTER_OTLP_LOGS_HEADERS")
	assert.NotContains(t, r.stderr, "s3cr3t")
	r = runShip(t, viewLine, []string{otelPrefix + "TIMEOUT=soon"}, "-o", url)
	assert.Equal(t, 2, r.code)
	assert.Contains(t, r.stderr, "OTEL_EXPORTER_OTLP_TIMEOUT")
	// As for otlphttp.FromEnv: case makes no difference in words, names are percent-encoded too, and a timeout of 0 is none.
	s.answers(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "a b", r.Header.Get("X-Team"))
		assert.Equal(t, "gzip", r.Header.Get("Content-Encoding"))
		_, _ = io.WriteString(w, "{}")
	})
	r = runShip(t, viewLine, []string{otelPrefix + "COMPRESSION=GZIP", otelPrefix + "HEADERS=x%2Dteam=a%20b", otelPrefix + "TIMEOUT=0"}, "-o", url)
	assert.Zero(t, r.code, r.stderr)
	s.answers(nil)
	r = runShip(t, viewLine, []string{otelPrefix + "COMPRESSION=zip"}, "-o", url)
	assert.Equal(t, 2, r.code)
	assert.Contains(t, r.stderr, otelPrefix+`COMPRESSION must be gzip or none, not "zip"`)
}

// The variables are named in the same order each time.
func TestAllBadVariablesAreNamed(t *testing.T) {
	for range 100 {
		_, err := readOTelEnv(func(string) string { return "x" })
		require.ErrorContains(t, err, ": OTEL_EXPORTER_OTLP_TIMEOUT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_TRACES_HEADERS, OTEL_EXPORTER_OTLP_LOGS_HEADERS. ")
	}
}

// An endpoint that ends with the path of a signal is understood.
func TestShipToAWholeAddress(t *testing.T) {
	s, url := newOTLPServer(t)
	require.Zero(t, runShip(t, viewLine, nil, "-o", url+"/v1/traces").code)
	require.Zero(t, runShip(t, viewLine, nil, "--traces-endpoint", url+"/own/place?key=x").code)
	assert.Equal(t, "/v1/traces", s.asked()[0].URL.Path)
	assert.Equal(t, "/own/place?key=x", s.asked()[1].URL.String())
	require.Zero(t, runShip(t, viewLine, nil, "-o", url+"/base/?key=x").code)
	assert.Equal(t, "/base/v1/traces?key=x", s.asked()[2].URL.String())
	s.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) })
	r := runShip(t, viewLine, nil, "-o", url+"/base/?key=s3cr3t")
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.stderr, "/base/v1/traces: 401")
	assert.NotContains(t, r.stderr, "s3cr3t")
}

// A receiver's text is shown, and does not control the terminal.
func TestShipShowsWhatTheReceiverSays(t *testing.T) {
	s, url := newOTLPServer(t)
	for status, body := range map[int]string{
		200: `{"partialSuccess":{"rejectedSpans":1,"errorMessage":"no \u009b31m\u001b[31m\u202etrace"}}`,
		400: `{"message":"no \u009b31m\u001b[31m\u202etrace"}`,
		401: `{"message":"no \u009b31m\u001b[31m\u202etrace"}`,
	} {
		s.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		})
		for _, args := range [][]string{{"-o", url}, {"-o", url, "--json"}} {
			r := runShip(t, viewLine, nil, args...)
			assert.Contains(t, r.stdout+r.stderr, "no  31m [31mtrace", "%d", status)
			assert.NotContains(t, r.stdout+r.stderr, "\x1b")
		}
	}
}

func TestShipJSON(t *testing.T) {
	_, url := newOTLPServer(t)
	r := runShip(t, viewLine, nil, "-o", url, "--json")
	var sum struct {
		Lines int
		Spans struct{ Sent int }
	}
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &sum))
	assert.Equal(t, 1, sum.Lines)
	assert.Equal(t, 1, sum.Spans.Sent)
	assert.Contains(t, r.stdout, `"messages":[]`, "no null, for programs that go through it")
	r = runShip(t, viewLine, nil, "-o", url, "--quiet")
	assert.Equal(t, shipResult{}, r)
}

func TestShipOverTLS(t *testing.T) {
	s := &otlpServer{}
	server := httptest.NewUnstartedServer(s)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the client is meant not to trust it
	server.StartTLS()
	t.Cleanup(server.Close)
	r := runShip(t, viewLine, nil, "-o", server.URL)
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.stderr, "name the certificate authority with --ca", "without trying again")
	ca := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	r = runShip(t, viewLine, nil, "-o", server.URL, "--ca", ca)
	assert.Zero(t, r.code, r.stderr)
	assert.Len(t, s.asked(), 1)
}

// Ctrl-C at once ends a run that waits for the receiver, and the message says how to continue.
func TestShipIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	file, state := filepath.Join(dir, "lines"), filepath.Join(dir, "state")
	require.NoError(t, os.WriteFile(file, []byte(viewLine), 0o600))
	s, url := newOTLPServer(t)
	asked := make(chan bool, 10)
	s.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(503)
		asked <- true
	})
	cmd := shipProcess(nil, "-o", url, "-c", state, file)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Start())
	<-asked
	time.Sleep(100 * time.Millisecond)
	ctrlC(t, cmd)
	err := cmd.Wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	assert.Equal(t, 1, exit.ExitCode())
	assert.Contains(t, errs.String(), "stopped before the end")
	assert.Contains(t, out.String(), "1 spans and log records, in the batch at which it stopped")
	s.answers(nil)
	assert.Zero(t, runShip(t, "", nil, "-o", url, "-c", state, file).code)
}

// A service manager's SIGTERM ends a run that follows. It sends what was read, and exits with 0.
func TestShipFollowsUntilItIsStopped(t *testing.T) {
	dir := t.TempDir()
	file, state := filepath.Join(dir, "lines"), filepath.Join(dir, "state")
	require.NoError(t, os.WriteFile(file, []byte(viewLine), 0o600))
	s, url := newOTLPServer(t)
	asked := make(chan bool, 10)
	s.answers(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "{}")
		asked <- true
	})
	cmd := shipProcess(nil, "-o", url, "-c", state, "--follow", "--flush", "10ms", file)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Start())
	<-asked
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(viewLine)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	<-asked
	stop(t, cmd)
	require.NoError(t, cmd.Wait(), errs.String())
	assert.Contains(t, out.String(), "2 sent")
	assert.Contains(t, runShip(t, "", nil, "-o", url, "-c", state, file).stdout, "0 sent")
}

func TestByteSize(t *testing.T) {
	for text, want := range map[string]byteSize{"1": 1, "10B": 10, "1MB": 1e6, "1.5 kB": 1500, "512KiB": 512 << 10, "2MiB": 2 << 20, "1g": 1e9} {
		var got byteSize
		require.NoError(t, got.UnmarshalText([]byte(text)))
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "MB", "-1", "1 mile", "1bk", "1e99"} {
		assert.Error(t, new(byteSize).UnmarshalText([]byte(text)), text)
	}
}

func TestShipReadsStandardInputBesideFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lines")
	require.NoError(t, os.WriteFile(file, []byte(viewLine), 0o600))
	_, url := newOTLPServer(t)
	assert.Contains(t, runShip(t, viewLine, nil, "-o", url, "-").stdout, "1 sent")
	assert.Contains(t, runShip(t, viewLine, nil, "-o", url, file, "-").stdout, "2 sent")
	assert.Equal(t, 2, runShip(t, viewLine, nil, "-o", url, "-", "-").code)
	assert.Equal(t, 2, runShip(t, viewLine, nil, "-o", url, "--follow", "-").code)
}

// A run that had no room on the disk leaves half a line in the rejects. The next run's lines are not joined to it.
func TestShipEndsATornLineOfTheRejects(t *testing.T) {
	dir := t.TempDir()
	file, rejects := filepath.Join(dir, "lines"), filepath.Join(dir, "rejects")
	require.NoError(t, os.WriteFile(file, []byte(viewLine), 0o600))
	require.NoError(t, os.WriteFile(rejects, []byte("{\"resource"), 0o600))
	s, url := newOTLPServer(t)
	s.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) })
	for range 2 {
		assert.Equal(t, 3, runShip(t, "", nil, "-o", url, "--rejects", rejects, file).code)
	}
	text, err := os.ReadFile(rejects)
	require.NoError(t, err)
	assert.Equal(t, "{\"resource\n"+viewLine+viewLine, string(text))
}
