package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// memoryPages is the limit of a sandbox's memory in pages of 64 kB: 128 MB, as on the platform.
const memoryPages = 2048

// howToBuild returns the end of messages about a module that cannot run. It names the file, unless that may be a source file.
func howToBuild(path, command string) string {
	if command != "" {
		return "build it with: " + command
	}
	if !strings.HasSuffix(path, ".wasm") {
		path = "bin/main.wasm"
	}
	return "build it with: GOOS=wasip1 GOARCH=wasm go build -o " + path + " ., where . is the folder with your func main"
}

// readModule reads the guest, and rejects files that cannot be one, with a message for each kind. command builds the file, if it is
// known.
func readModule(path, command string) ([]byte, error) {
	wasm, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no compiled service at %s: %s", path, howToBuild(path, command))
	case err != nil:
		return nil, err
	case bytes.HasPrefix(wasm, []byte("!<arch>\n")):
		return nil, fmt.Errorf("%s was built from a package that is not main, so it is not a program: %s", path, howToBuild(path, command))
	case !bytes.HasPrefix(wasm, []byte("\x00asm")):
		return nil, fmt.Errorf("%s is not a WebAssembly module: %s", path, howToBuild(path, command))
	case len(wasm) < 8 || !bytes.Equal(wasm[4:8], []byte{1, 0, 0, 0}):
		return nil, fmt.Errorf("%s is a WebAssembly component, and this host runs only core modules: build it for wasip1", path)
	}
	return wasm, nil
}

// compile turns the module into machine code, or finds that in the cache.
func (h *Host) compile(ctx context.Context, path, cacheDir string) error {
	wasm, err := readModule(path, h.cfg.Build)
	if err != nil {
		return err
	}
	switch {
	case h.cfg.shared != nil:
		err = h.compileWith(ctx, path, wasm, h.cfg.shared, false)
	case cacheDir != "":
		err = h.compileCached(ctx, path, wasm, newCodeCache(cacheDir, wasm))
	default:
		err = h.compileWith(ctx, path, wasm, nil, false)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if slices.ContainsFunc(h.guest.ImportedFunctions(), fromPage) {
		return fmt.Errorf("%s was compiled for a web page (GOOS=js), not for Compute: %s", path, howToBuild(path, h.cfg.Build))
	}
	if h.guest.ExportedFunctions()["_start"] == nil {
		return fmt.Errorf("%s exports no _start: it is a library, not a program; %s", path, howToBuild(path, h.cfg.Build))
	}
	return nil
}

// fromPage tells whether a function is one of those that wasm_exec.js provides for Go and TinyGo.
func fromPage(f api.FunctionDefinition) bool {
	module, _, _ := f.Import()
	return module == "gojs"
}

// compileCached finds the machine code in c, or stores it there. If the cache cannot be used, only starts are slower.
func (h *Host) compileCached(ctx context.Context, path string, wasm []byte, c codeCache) error {
	cache, err := wazero.NewCompilationCacheWithDir(c.dir)
	if err == nil {
		h.code = &c
		c.used()
		if err = h.compileWith(ctx, path, wasm, cache, true); err == nil {
			c.used() // storing a file has changed the folder's time
			c.prune(CacheLimit)
			return nil
		}
		_ = h.runtime.Close(ctx)
		_ = cache.Close(ctx)
		c.remove()
		h.code = nil
	}
	broken := err
	if err = h.compileWith(ctx, path, wasm, nil, false); err == nil {
		h.notef("the compiled code cannot be kept for the next start: %v", broken)
	}
	return err
}

// compileWith makes a runtime with the cache, if there is one, and compiles the module.
func (h *Host) compileWith(ctx context.Context, path string, wasm []byte, cache wazero.CompilationCache, kept bool) (err error) {
	// WithCloseOnContextDone is not used. It could stop a guest that never ends, but it makes loops ten times as slow.
	config := wazero.NewRuntimeConfig().
		WithMemoryLimitPages(memoryPages).
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst)
	if h.cache = cache; cache != nil {
		config = config.WithCompilationCache(cache)
	}
	h.runtime = wazero.NewRuntimeWithConfig(ctx, config)

	promise := ""
	if kept {
		promise = "; the next start reuses the result"
	}
	slow := time.AfterFunc(500*time.Millisecond, func() {
		h.notef("compiling %s (%.1f MB)%s …", path, float64(len(wasm))/1e6, promise)
	})
	start := time.Now()
	h.guest, err = h.runtime.CompileModule(experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0)), mergeData(wasm))
	if !slow.Stop() && err == nil {
		h.notef("compiled in %.1f s", time.Since(start).Seconds())
	}
	return err
}

// instance is a guest that has not run yet.
type instance struct {
	mod  api.Module
	idle *atomic.Int64
}

func (h *Host) instantiate() (*instance, error) {
	in := &instance{idle: new(atomic.Int64)}
	mod, err := h.runtime.InstantiateModule(h.memoryCtx, h.guest, h.moduleConfig(in.idle))
	in.mod = mod
	return in, err
}
