package host

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// CacheLimit is how much compiled code is kept, in bytes. What was used longest ago goes first; the module at hand always stays.
const CacheLimit = 256 << 20

// codeCache is the folder with one module's compiled code. Each module has a folder of its own, whose time is that of its last
// use: the engine names its files by a key that only it knows, and reads them without a trace. A host that runs has its code
// in memory, so what goes meanwhile costs its next start a compilation and nothing more.
type codeCache struct {
	root, dir string
}

func newCodeCache(root string, wasm []byte) codeCache {
	sum := sha256.Sum256(wasm)
	return codeCache{root, filepath.Join(root, hex.EncodeToString(sum[:16]))}
}

// used notes that the module is in use now.
func (c codeCache) used() {
	now := time.Now()
	_ = os.Chtimes(c.dir, now, now)
}

// remove deletes what is kept of the module.
func (c codeCache) remove() { _ = os.RemoveAll(c.dir) }

// prune deletes other modules' code until no more is left than limit, the longest unused first.
func (c codeCache) prune(limit int64) {
	type entry struct {
		path string
		size int64
		used time.Time
	}
	entries, err := os.ReadDir(c.root)
	if err != nil {
		return
	}
	var others []entry
	total := sizeBelow(c.dir)
	for _, e := range entries {
		path := filepath.Join(c.root, e.Name())
		info, err := e.Info()
		if err != nil || path == c.dir {
			continue
		}
		size := sizeBelow(path)
		total += size
		others = append(others, entry{path, size, info.ModTime()})
	}
	slices.SortFunc(others, func(a, b entry) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.path, b.path)) })
	for _, e := range others {
		if total <= limit {
			return
		}
		if os.RemoveAll(e.path) == nil {
			total -= e.size
		}
	}
}

func sizeBelow(path string) (total int64) {
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}
