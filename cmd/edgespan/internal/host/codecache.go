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

// CacheLimit is how many bytes of compiled code are kept. Above it the code that was used longest ago is removed, but never that of
// the current module.
const CacheLimit = 256 << 20

// codeCache is the folder with one module's compiled code. Each module has its own folder, whose time is that of the last use: the
// engine names the files in it by keys that only it knows, and reading them leaves no trace. A running host has its code in memory.
// If its files are removed meanwhile, its next start compiles again, and nothing else happens.
type codeCache struct {
	root, dir string
}

func newCodeCache(root string, wasm []byte) codeCache {
	sum := sha256.Sum256(wasm)
	return codeCache{root, filepath.Join(root, hex.EncodeToString(sum[:16]))}
}

// used records that the module is in use now.
func (c codeCache) used() {
	now := time.Now()
	_ = os.Chtimes(c.dir, now, now)
}

// remove deletes the module's compiled code.
func (c codeCache) remove() { _ = os.RemoveAll(c.dir) }

// prune deletes the code of other modules, the longest unused first, until at most limit bytes are left.
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
