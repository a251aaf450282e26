package ship

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// beside is a file that has the input's name, or that log rotation may have made of one that had: it names it spans.log.1,
// spans.log-20260131.gz or spans-2026-01-31.log.
type beside struct {
	path  string
	info  os.FileInfo
	named bool
	open  *os.File // it had the name, and has another one or none: it is known since it is open
}

// find returns what there is, the oldest first, and what has the name last.
func (in *input) find() (found []beside) {
	folder, base := filepath.Split(in.key)
	if in.names == nil {
		stem, ext := strings.TrimSuffix(base, filepath.Ext(base)), filepath.Ext(base)
		in.names = regexp.MustCompile(`^(` + regexp.QuoteMeta(base) + `[.-][0-9][0-9T:._-]*|` +
			regexp.QuoteMeta(stem) + `[.-][0-9][0-9T:._-]*` + regexp.QuoteMeta(ext) + `)(\.gz|\.zst)?$`)
	}
	now, errNow := os.Stat(in.key)
	var list []os.DirEntry
	if !in.alone {
		list, _ = os.ReadDir(folder)
	}
	for _, d := range list {
		if d.Name() == base || !in.names.MatchString(d.Name()) || isBeingCompressed(d.Name(), list) {
			continue
		}
		info, err := d.Info()
		if err == nil && info.Mode().IsRegular() && !(errNow == nil && os.SameFile(info, now)) {
			found = append(found, beside{path: filepath.Join(folder, d.Name()), info: info})
		}
	}
	slices.SortFunc(found, func(a, b beside) int {
		return cmp.Or(a.info.ModTime().Compare(b.info.ModTime()), cmp.Compare(b.path, a.path))
	})
	if errNow == nil {
		found = append(found, beside{path: in.key, info: now, named: true})
	}
	if in.held == nil {
		return found
	}
	mine, err := in.held.Stat()
	if err == nil && !slices.ContainsFunc(found, func(b beside) bool { return os.SameFile(b.info, mine) }) {
		found = slices.Insert(found, max(0, len(found)-1), beside{path: in.key, info: mine, open: in.held})
	}
	return found
}

// isBeingCompressed tells whether a file has in it, so far, what is still there as it was.
func isBeingCompressed(name string, list []os.DirEntry) bool {
	from := strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	return from != name && slices.ContainsFunc(list, func(d os.DirEntry) bool { return d.Name() == from })
}

func isSame(a, b beside) bool { return a.path == b.path && os.SameFile(a.info, b.info) }
