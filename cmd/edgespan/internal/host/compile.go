package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	// memoryPages is the limit of a sandbox's memory in pages of 64 kB: 128 MB, as on the platform.
	memoryPages = 2048

	// cacheLimit is how much compiled code is kept; the oldest goes first.
	cacheLimit = 512 << 20
)

// howToBuild ends the messages about a module that can not be run.
const howToBuild = "build it with: GOOS=wasip1 GOARCH=wasm go build -o %s ."

// readModule reads the guest and tells files apart that can not be one.
func readModule(path string) ([]byte, error) {
	wasm, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("no WebAssembly module at %s: "+howToBuild, path, path)
	case err != nil:
		return nil, err
	case !bytes.HasPrefix(wasm, []byte("\x00asm")):
		return nil, fmt.Errorf("%s is no WebAssembly module: "+howToBuild, path, path)
	case len(wasm) < 8 || !bytes.Equal(wasm[4:8], []byte{1, 0, 0, 0}):
		return nil, fmt.Errorf("%s is a WebAssembly component: this host runs core modules (target wasip1) only", path)
	}
	return wasm, nil
}

// compile turns the module into machine code, or finds that in the cache.
func (h *Host) compile(ctx context.Context, path, cacheDir string) error {
	wasm, err := readModule(path)
	if err != nil {
		return err
	}
	// Not WithCloseOnContextDone, which could stop a guest that never ends: it makes loops ten times as slow.
	config := wazero.NewRuntimeConfig().
		WithMemoryLimitPages(memoryPages).
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst)
	if h.cfg.shared != nil {
		h.cache = h.cfg.shared
		config = config.WithCompilationCache(h.cache)
	} else if cacheDir != "" {
		if h.cache, err = wazero.NewCompilationCacheWithDir(cacheDir); err != nil {
			h.notef("no compilation cache: %v", err) // slower starts, nothing worse
		} else {
			config = config.WithCompilationCache(h.cache)
			pruneCache(cacheDir)
		}
	}
	h.runtime = wazero.NewRuntimeWithConfig(ctx, config)

	slow := time.AfterFunc(500*time.Millisecond, func() {
		h.notef("compiling %s (%.1f MB); the next start finds it compiled …", path, float64(len(wasm))/1e6)
	})
	start := time.Now()
	h.guest, err = h.runtime.CompileModule(experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0)), mergeData(wasm))
	if !slow.Stop() && err == nil {
		h.notef("compiled in %.1f s", time.Since(start).Seconds())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if h.guest.ExportedFunctions()["_start"] == nil {
		return fmt.Errorf("%s exports no _start: it is a library, not a program; "+howToBuild, path, path)
	}
	return nil
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

// pruneCache deletes the oldest files above the limit: each build of a guest leaves some 20 MB.
func pruneCache(dir string) {
	type entry struct {
		path string
		info fs.FileInfo
	}
	var files []entry
	var total int64
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			files = append(files, entry{path, info})
			total += info.Size()
		}
		return nil
	})
	slices.SortFunc(files, func(a, b entry) int { return a.info.ModTime().Compare(b.info.ModTime()) })
	for _, f := range files {
		if total <= cacheLimit {
			return
		}
		if os.Remove(f.path) == nil {
			total -= f.info.Size()
		}
	}
}
