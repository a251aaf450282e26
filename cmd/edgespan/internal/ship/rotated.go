package ship

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// rotated looks beside a file for what it was before: log rotation names it spans.log.1, spans.log-20260131.gz or
// spans-2026-01-31.log. It returns the rest of that, and what was rotated since, the oldest first; nothing if it is not there.
func rotated(ctx context.Context, path string, e entry) []piece {
	folder, base := filepath.Split(path)
	stem, ext := strings.TrimSuffix(base, filepath.Ext(base)), filepath.Ext(base)
	names := regexp.MustCompile(`^(` + regexp.QuoteMeta(base) + `[.-][0-9][0-9T:._-]*|` +
		regexp.QuoteMeta(stem) + `[.-][0-9][0-9T:._-]*` + regexp.QuoteMeta(ext) + `)(\.gz|\.zst)?$`)
	list, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	type candidate struct {
		path string
		time time.Time
	}
	var found []candidate
	for _, d := range list {
		info, err := d.Info()
		if err == nil && info.Mode().IsRegular() && d.Name() != base && names.MatchString(d.Name()) && !isBeingCompressed(d.Name(), list) {
			found = append(found, candidate{filepath.Join(folder, d.Name()), info.ModTime()})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int { return cmp.Or(b.time.Compare(a.time), cmp.Compare(a.path, b.path)) })
	var pieces []piece // the newest first
	for _, c := range found {
		f, err := inputs.Open(ctx, c.path)
		if err != nil {
			continue
		}
		if p, ok, err := resume(f, e); err == nil && ok {
			pieces = append(pieces, p)
			slices.Reverse(pieces)
			return pieces
		}
		if p, ok, err := resume(f, entry{}); err == nil && ok {
			pieces = append(pieces, p)
		} else {
			_ = f.Close()
		}
	}
	closeAll(pieces)
	return nil
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
