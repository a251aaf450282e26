package host

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

const wasiModule = wasi_snapshot_preview1.ModuleName

// environment returns the guest's environment variables. FASTLY_TRACE_ID names the sandbox; the others describe a machine that does
// not exist.
func (sb *sandbox) environment() []string {
	return []string{
		"FASTLY_CACHE_GENERATION=0",
		"FASTLY_CUSTOMER_ID=0000000000000000000000",
		"FASTLY_POP=XXX",
		"FASTLY_REGION=Somewhere",
		"FASTLY_SERVICE_ID=0000000000000000000000",
		"FASTLY_SERVICE_VERSION=0",
		"FASTLY_HOSTNAME=localhost",
		"FASTLY_IS_STAGING=0",
		fmt.Sprintf("FASTLY_TRACE_ID=%032x", sb.id),
	}
}

// linkWASI instantiates the engine's WASI with our own environment: an instance is made before its request is known, and the
// environment depends on the request.
func (h *Host) linkWASI(ctx context.Context) error {
	builder := h.runtime.NewHostModuleBuilder(wasiModule)
	wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(builder)
	i32 := []api.ValueType{api.ValueTypeI32}
	pair := []api.ValueType{api.ValueTypeI32, api.ValueTypeI32}
	builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(environSizes), pair, i32).Export("environ_sizes_get")
	builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(environ), pair, i32).Export("environ_get")
	if h.cfg.between != nil {
		h.cfg.between.wasi(builder)
	}
	_, err := builder.Instantiate(ctx)
	return err
}

const (
	wasiOK    = 0
	wasiFault = 21
)

func environSizes(ctx context.Context, mod api.Module, stack []uint64) {
	env := ctx.Value(sandboxKey{}).(*sandbox).environment()
	size := 0
	for _, e := range env {
		size += len(e) + 1
	}
	ok := mod.Memory().WriteUint32Le(uint32(stack[0]), uint32(len(env))) &&
		mod.Memory().WriteUint32Le(uint32(stack[1]), uint32(size))
	stack[0] = wasiResult(ok)
}

func environ(ctx context.Context, mod api.Module, stack []uint64) {
	env := ctx.Value(sandboxKey{}).(*sandbox).environment()
	at, text := uint32(stack[0]), uint32(stack[1])
	ok := true
	for _, e := range env {
		ok = ok && mod.Memory().WriteUint32Le(at, text) && mod.Memory().WriteString(text, e+"\x00")
		at += 4
		text += uint32(len(e)) + 1
	}
	stack[0] = wasiResult(ok)
}

func wasiResult(ok bool) uint64 {
	if ok {
		return wasiOK
	}
	return wasiFault
}

// moduleConfig is the configuration of each instance: nothing runs until its first request arrives. The time that the guest sleeps
// is added to idle.
func (h *Host) moduleConfig(idle *atomic.Int64) wazero.ModuleConfig {
	return wazero.NewModuleConfig().
		WithName(""). // anonymous, because there may be many
		WithArgs("compute-app").
		WithStartFunctions().
		WithStdout(h.guestOut).
		WithStderr(h.guestErr).
		WithRandSource(randomness{}).
		WithWalltime(walltime, sys.ClockResolution(time.Microsecond)).
		WithSysNanotime().
		WithNanosleep(func(ns int64) {
			start := time.Now()
			time.Sleep(time.Duration(ns))
			idle.Add(int64(time.Since(start)))
		})
}

// randomness reads crypto/rand.
type randomness struct{}

func (randomness) Read(p []byte) (int, error) { return rand.Read(p) }
