package ship

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// rotated looks beside a file for what it was before: log rotation names it spans.log.1, spans.log-20260131.gz or
// spans-2026-01-31.log. It returns the rest of that, and what was rotated since, the oldest first; nothing if it is not there. What has
// the name now is none of them.
func rotated(ctx context.Context, path string, e entry, now os.FileInfo) (pieces []piece) {
	for range maxLooks {
		closeAll(pieces)
		before := besides(path, now)
		var whole bool
		pieces, whole = lookAt(ctx, before, e)
		same := func(a, b beside) bool {
			return a.path == b.path && a.info.Size() == b.info.Size() && os.SameFile(a.info, b.info)
		}
		if whole && slices.EqualFunc(before, besides(path, now), same) || ctx.Err() != nil {
			return pieces
		}
		time.Sleep(betweenLooks)
	}
	return pieces
}

// A folder in which files are being renamed, or written, is looked at again: while it is read, a file may be seen twice or not at all.
const (
	maxLooks     = 20
	betweenLooks = 2 * time.Millisecond
)

// lookAt is rotated for what was found, the newest first. whole tells that all of it was still there.
func lookAt(ctx context.Context, found []beside, e entry) (pieces []piece, whole bool) {
	for _, c := range found {
		f, err := inputs.Open(ctx, c.path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if !isStill(f, c.info) {
			_ = f.Close()
			closeAll(pieces)
			return nil, false
		}
		if p, ok, err := resume(f, e); err == nil && ok {
			pieces = append(pieces, p)
			slices.Reverse(pieces)
			return pieces, true
		}
		if p, ok, err := resume(f, entry{}); err == nil && ok {
			pieces = append(pieces, p)
		} else {
			_ = f.Close()
		}
	}
	closeAll(pieces)
	return nil, true
}

// isStill tells whether a file is the one that was found under its name; one that could not be opened is nil.
func isStill(f *os.File, found os.FileInfo) bool {
	info, err := f.Stat()
	return err == nil && os.SameFile(info, found)
}

// beside is a file that log rotation may have made of another.
type beside struct {
	path string
	info os.FileInfo
}

// besides returns those of a path, the newest first.
func besides(path string, now os.FileInfo) (found []beside) {
	folder, base := filepath.Split(path)
	stem, ext := strings.TrimSuffix(base, filepath.Ext(base)), filepath.Ext(base)
	names := regexp.MustCompile(`^(` + regexp.QuoteMeta(base) + `[.-][0-9][0-9T:._-]*|` +
		regexp.QuoteMeta(stem) + `[.-][0-9][0-9T:._-]*` + regexp.QuoteMeta(ext) + `)(\.gz|\.zst)?$`)
	list, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	for _, d := range list {
		info, err := d.Info()
		if err == nil && info.Mode().IsRegular() && d.Name() != base && names.MatchString(d.Name()) &&
			!isBeingCompressed(d.Name(), list) && !os.SameFile(info, now) {
			found = append(found, beside{filepath.Join(folder, d.Name()), info})
		}
	}
	slices.SortFunc(found, func(a, b beside) int {
		return cmp.Or(b.info.ModTime().Compare(a.info.ModTime()), cmp.Compare(a.path, b.path))
	})
	return found
}

// isBeingCompressed tells whether a file has in it, so far, what is still there as it was.
func isBeingCompressed(name string, list []os.DirEntry) bool {
	from := strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	return from != name && slices.ContainsFunc(list, func(d os.DirEntry) bool { return d.Name() == from })
}

func closeAll(pieces []piece) {
	for _, p := range pieces {
		_ = p.file.Close()
	}
}
