package host

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	_ "github.com/edgespan/edgespan/logendpoint" // the guest links these; imported so that go test does not show an earlier result
	_ "github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/otlp"
	_ "github.com/edgespan/edgespan/sdk/slogspan"
)

// TestFaults lets each host call that tracing makes fail, one at a time, in each way that it can fail. The response must stay that of
// the service without tracing, each line must be whole, and a loss of spans must be reported.
func TestFaults(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "from the origin") }))
	defer origin.Close()
	toml := backend("origin", origin.URL) + "[setup.log_endpoints.traces]\n[setup.log_endpoints.logs]\n"
	traced, untraced := startFaulty(t, toml, ""), startFaulty(t, toml, "untraced")
	injected := 0
	for path, spans := range map[string]int{"/": 1, "/headers": 1, "/backend": 2, "/append": 2, "/panic": 1} {
		want := untraced.ask(path)
		sound := traced.ask(path)
		require.Equal(t, want.response, sound.response, path)
		require.Equal(t, spans, sound.spans, path)
		require.Empty(t, sound.stderr, path)
		for _, call := range sound.calls {
			if untraced.faults.made(call) > 0 && !isWASI(call.name) {
				continue // the service's own
			}
			for _, f := range faultsOf(call.name) {
				got := traced.askWith(path, call, f)
				injected++
				where := fmt.Sprintf("%s: %s, number %d: %s", path, call.name, call.n, f.name)
				assert.Equal(t, want.response, got.response, where)
				assert.Empty(t, got.wrong, where)
				if got.spans < spans {
					assert.Contains(t, got.stderr, "edgespan: ", "%s: lost %d spans", where, spans-got.spans)
				}
			}
		}
	}
	t.Logf("%d faults", injected)
	assert.Greater(t, injected, 500)
}

// hostCallMade is a call by its name and how often it has been made before, in one request. A call for an endpoint or a header has the
// name of that, too.
type hostCallMade struct {
	name string
	n    int
}

// fails is one way in which a call can go wrong.
type fails struct {
	name string
	do   func(mod api.Module, stack []uint64, call func())
}

func isWASI(name string) bool { return strings.HasPrefix(name, wasiModule) }

const (
	randomGet = wasiModule + ".random_get"
	clockTime = wasiModule + ".clock_time_get"
)

func faultsOf(name string) (all []fails) {
	status := func(numbers ...uint64) {
		for _, n := range numbers {
			all = append(all, fails{fmt.Sprint("status ", n), func(_ api.Module, stack []uint64, _ func()) { stack[0] = n }})
		}
	}
	// result lets the call succeed, but changes the number that it writes to the address in argument i.
	result := func(i int, write func(mem api.Memory, at uint32, v uint64) bool, values ...uint64) {
		for _, v := range values {
			all = append(all, fails{fmt.Sprint("result ", v), func(mod api.Module, stack []uint64, call func()) {
				at := uint32(stack[i])
				call()
				write(mod.Memory(), at, v)
			}})
		}
	}
	u32 := func(mem api.Memory, at uint32, v uint64) bool { return mem.WriteUint32Le(at, uint32(v)) }
	u64 := func(mem api.Memory, at uint32, v uint64) bool { return mem.WriteUint64Le(at, v) }
	switch call, _, _ := strings.Cut(name, " "); call {
	case randomGet:
		status(6, 28, 29, 52) // EAGAIN, EINVAL, EIO, ENOSYS
		for _, fill := range []byte{0, 0xff} {
			all = append(all, fails{fmt.Sprint("bytes ", fill), func(mod api.Module, stack []uint64, _ func()) {
				b, _ := mod.Memory().Read(uint32(stack[0]), uint32(stack[1]))
				for i := range b {
					b[i] = fill
				}
				stack[0] = wasiOK
			}})
		}
	case clockTime: // Go's runtime ends the program if this returns an error
		result(2, u64, 0, 1, 1e9, math.MaxInt64, 1<<63, math.MaxUint64)
	case "fastly_http_req.header_values_set": // without it, compute-sdk-go does not send the request
	default:
		status(1, 2, 3, 4, 5, 7, 8, 9, 10, 13, 14, 200)
		switch call {
		case "fastly_log.endpoint_get":
			result(2, u32, 99, math.MaxUint32)
		case "fastly_log.write":
			result(3, u32, 0, 1, 100, 1<<31, math.MaxUint32)
		case "fastly_http_body.known_length":
			result(1, u64, 0, math.MaxInt64, 1<<63, math.MaxUint64)
		}
	}
	return all
}

// faulty is a host whose calls can fail.
type faulty struct {
	*fixture
	faults *injector
}

func startFaulty(t *testing.T, toml, tags string) *faulty {
	wasm := filepath.Join(t.TempDir(), "main.wasm")
	build := exec.Command("go", "build", "-ldflags=-s -w", "-tags="+tags, "-o", wasm, "./testguest/faults")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	in := &injector{}
	return &faulty{faults: in, fixture: start(t, toml, func(c *Config) {
		c.Wasm, c.ReuseLimit, c.between = wasm, NoReuse, &between{in.wrap, in.wasi}
	})}
}

// outcome is what a request has led to.
type outcome struct {
	response string
	calls    []hostCallMade
	spans    int
	wrong    []string // lines that are not whole
	stderr   string   // without the host's notices
}

func (f *faulty) ask(path string) outcome { return f.askWith(path, hostCallMade{}, fails{}) }

func (f *faulty) askWith(path string, at hostCallMade, how fails) (o outcome) {
	f.stdout.clear()
	f.stderr.clear()
	f.faults.expect(at, how)
	resp, body := f.get(path)
	require.Eventually(f.t, func() bool {
		f.host.mu.Lock()
		defer f.host.mu.Unlock()
		return f.host.running == 0
	}, patience, time.Millisecond)
	resp.Header.Del("Date")
	if resp.StatusCode == http.StatusInternalServerError {
		body = addresses.ReplaceAllString(body, "…")
	}
	o.response = fmt.Sprint(resp.Status, resp.Header, body)
	o.calls = f.faults.calls
	for line := range strings.Lines(f.stdout.String()) {
		name, text, _ := strings.Cut(line, " :: ")
		if !json.Valid([]byte(text)) {
			o.wrong = append(o.wrong, line)
		}
		if name != "traces" {
			continue
		}
		batches, err := otlp.Decode([]byte(text))
		if err != nil {
			o.wrong = append(o.wrong, err.Error())
		}
		for _, b := range batches {
			for _, s := range b.Spans {
				o.spans++
				if !s.SpanContext.IsValid() || s.End < s.Start || s.Start <= 0 {
					o.wrong = append(o.wrong, line)
				}
			}
		}
	}
	for line := range strings.Lines(f.stderr.String()) {
		if strings.HasPrefix(line, "edgespan: ") {
			o.stderr += line
		}
	}
	return o
}

// addresses are the parts of a message about a crash that differ between two guests.
var addresses = regexp.MustCompile(`0x[0-9a-f]+|goroutine \d+`)

// injector sees all calls of a request, and lets one of them fail.
type injector struct {
	mu    sync.Mutex
	at    hostCallMade
	how   fails
	names map[uint32]string // of log endpoints, by handle
	calls []hostCallMade
}

func (in *injector) expect(at hostCallMade, how fails) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.at, in.how, in.names, in.calls = at, how, map[uint32]string{}, nil
}

// made returns how many calls with this name there were.
func (in *injector) made(call hostCallMade) (n int) {
	for _, c := range in.calls {
		if c.name == call.name {
			n++
		}
	}
	return n
}

func (in *injector) wrap(name string, call api.GoModuleFunc) api.GoModuleFunc {
	return func(ctx context.Context, mod api.Module, stack []uint64) {
		now := hostCallMade{name: in.fullName(name, mod, stack)}
		in.mu.Lock()
		now.n = in.made(now)
		in.calls = append(in.calls, now)
		hit := in.how.do != nil && now == in.at
		in.mu.Unlock()
		out := uint32(0)
		if name == "fastly_log.endpoint_get" {
			out = uint32(stack[2])
		}
		if hit {
			in.how.do(mod, stack, func() { call(ctx, mod, stack) })
		} else {
			call(ctx, mod, stack)
		}
		if out != 0 {
			handle, _ := mod.Memory().ReadUint32Le(out)
			in.mu.Lock()
			in.names[handle] = now.name
			in.mu.Unlock()
		}
	}
}

// fullName adds to a call's name what it is about.
func (in *injector) fullName(name string, mod api.Module, stack []uint64) string {
	text := func(i int) string {
		b, _ := mod.Memory().Read(uint32(stack[i]), uint32(stack[i+1]))
		return string(b)
	}
	switch name {
	case "fastly_log.endpoint_get":
		return name + " " + text(0)
	case "fastly_log.write":
		in.mu.Lock()
		defer in.mu.Unlock()
		return name + " " + strings.TrimPrefix(in.names[uint32(stack[0])], "fastly_log.endpoint_get ")
	case "fastly_http_req.header_values_set", "fastly_http_resp.header_values_set":
		return name + " " + text(1)
	case clockTime:
		if uint32(stack[0]) != 0 {
			return "monotonic"
		}
	}
	return name
}

// wasi provides the calls for random bytes and the time, since the engine's own cannot be wrapped.
func (in *injector) wasi(builder wazero.HostModuleBuilder) {
	begun := time.Now()
	i32, i64 := api.ValueTypeI32, api.ValueTypeI64
	builder.NewFunctionBuilder().WithGoModuleFunction(in.wrap(randomGet, func(_ context.Context, mod api.Module, stack []uint64) {
		b, ok := mod.Memory().Read(uint32(stack[0]), uint32(stack[1]))
		rand.Read(b)
		stack[0] = wasiResult(ok)
	}), []api.ValueType{i32, i32}, []api.ValueType{i32}).Export("random_get")
	builder.NewFunctionBuilder().WithGoModuleFunction(in.wrap(clockTime, func(_ context.Context, mod api.Module, stack []uint64) {
		now := time.Now().UnixNano()
		if uint32(stack[0]) != 0 {
			now = int64(time.Since(begun))
		}
		stack[0] = wasiResult(mod.Memory().WriteUint64Le(uint32(stack[2]), uint64(now)))
	}), []api.ValueType{i32, i64, i32}, []api.ValueType{i32}).Export("clock_time_get")
}
