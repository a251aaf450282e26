package ship

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/internal/diskfile"
)

// beside is a file that has the input's name now (then named is set), or that log rotation may have made of a file with that name,
// such as spans.log.1, spans.log-20260131.gz or spans-2026-01-31.log for spans.log.
type beside struct {
	path  string
	info  os.FileInfo
	named bool
	open  *os.File // set for a file that lost the name and is known only because it is open
}

// find returns the files that exist, the oldest first, and the one with the input's name last. With an error, there may be others.
func (in *input) find() (found []beside, err error) {
	now, errNow := os.Stat(in.key)
	err = diskfile.UnlessGone(errNow)
	if !in.alone {
		list := func(folder string) []string {
			names, failed := in.folders.list(folder)
			if err == nil && failed != nil {
				err = fmt.Errorf("the rotated files of %s cannot be found: %w", in.name, failed)
			}
			return names
		}
		for _, r := range inputs.FindRotated(in.key, list) {
			if errNow != nil || !os.SameFile(r.Info, now) {
				found = append(found, beside{path: r.Path, info: r.Info})
			}
		}
	}
	if errNow == nil {
		found = append(found, beside{path: in.key, info: now, named: true})
	}
	if in.held == nil {
		return found, err
	}
	mine, gone := in.held.Stat()
	if gone == nil && !slices.ContainsFunc(found, func(b beside) bool { return os.SameFile(b.info, mine) }) {
		found = slices.Insert(found, max(0, len(found)-1), beside{path: in.key, info: mine, open: in.held})
	}
	return found, err
}

func isSame(a, b beside) bool { return a.path == b.path && os.SameFile(a.info, b.info) }

var errMoved = errors.New("the file has been renamed")

// file opens the file.
func (b *beside) file(ctx context.Context) (*os.File, error) {
	if b.open != nil {
		return b.open, nil
	}
	f, err := inputs.Open(ctx, b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errMoved
	}
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !os.SameFile(info, b.info) {
		_ = f.Close()
		return nil, errMoved
	}
	return f, nil
}
