package ship

import (
	"os"
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/diskfile"
)

// folders caches the contents of folders. With many inputs, or many files beside one, a folder that has not changed is not read
// again. Its methods may be called concurrently.
type folders struct {
	mu    sync.Mutex
	known map[string]*folder
}

type folder struct {
	names    []string // sorted
	modified time.Time
	settled  bool // the folder had not changed for a while when it was read, so a later change shows in its time
	read     time.Time
}

// coarse is longer than the resolution of file times on any file system.
const coarse = 2 * time.Second

// maxAge is how long a cached listing is used. Not every file system changes a folder's time when a file in it is renamed.
const maxAge = time.Second

// list returns the sorted names in a folder, or none if it does not exist.
func (f *folders) list(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, diskfile.UnlessGone(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.known[path]; k != nil && k.settled && time.Since(k.read) < maxAge && k.modified.Equal(info.ModTime()) {
		return k.names, nil
	}
	list, err := os.ReadDir(path) // sorted
	if err != nil {
		return nil, diskfile.UnlessGone(err)
	}
	k := &folder{modified: info.ModTime(), settled: time.Since(info.ModTime()) > coarse, read: time.Now()}
	for _, d := range list {
		k.names = append(k.names, d.Name())
	}
	if f.known == nil {
		f.known = map[string]*folder{}
	}
	f.known[path] = k
	return k.names, nil
}
