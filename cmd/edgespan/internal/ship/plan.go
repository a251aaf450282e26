package ship

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"unicode/utf8"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// input is a file, or the pipe.
type input struct {
	name    string
	stream  *piece // an input that cannot be read again
	key     string // the file's name in the checkpoint
	id      fileID
	alone   bool // do not look at files beside it
	folders *folders
	known   []entry  // the files that were read, the one that was read last at the end
	held    *os.File // has or had the input's name, and was read to its end
	told    string   // the last error that was reported, so that it is reported once

	total   int64 // bytes to read, as known when it was planned
	past    atomic.Int64
	reading atomic.Pointer[os.File]
}

// plan finds out what to read of each input, until ctx ends. The errors are those of inputs that cannot be read.
func plan(ctx context.Context, cfg *Config, book *checkpoint) (all []*input, errs []error) {
	seen, folders, before := map[string]bool{}, &folders{}, len(book.File.Files)
	files := map[fileID]bool{} // one may have several names
	for _, name := range cfg.Files {
		in, err := planFile(ctx, cfg, book, folders, name)
		switch {
		case err != nil:
			if errs = append(errs, err); ctx.Err() != nil {
				return all, errs
			}
		case in.key == "" || !seen[in.key] && !files[in.id]:
			seen[in.key], files[in.id] = true, in.id != fileID{}
			all = append(all, in)
		}
	}
	if len(book.File.Files) > before { // so that the next run continues here even if this one reads nothing
		if err := book.save(); err != nil {
			return nil, append(errs, err)
		}
	}
	return all, errs
}

func planFile(ctx context.Context, cfg *Config, book *checkpoint, folders *folders, name string) (*input, error) {
	if name == inputs.Stdin {
		return &input{name: "stdin", stream: &piece{name: "stdin", text: inputs.UnzipLater(cfg.Pipe)}}, nil
	}
	f, err := inputs.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	in := &input{name: name, folders: folders}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		in.stream = &piece{name: name, file: f, text: inputs.UnzipLater(f)}
		return in, err
	}
	defer f.Close()
	in.id = idOf(info)
	if in.key, err = filepath.Abs(name); err != nil {
		return nil, err
	}
	if cfg.Checkpoint != "" && !utf8.ValidString(in.key) { // JSON cannot represent it
		return nil, fmt.Errorf("%q: the name is not UTF-8, so a checkpoint cannot record it", name)
	}
	in.alone = cfg.Checkpoint == "" && !cfg.Follow
	entries, known := book.File.Files[in.key]
	if in.known = entries; !known && !in.alone {
		if err := in.begin(ctx, cfg.AtEnd); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		book.File.Files[in.key] = in.known
	}
	found, _ := in.find()
	for _, b := range found {
		if !slices.ContainsFunc(in.known, func(e entry) bool { return e.Read && e.isAt(b.info) }) {
			in.total += b.info.Size()
		}
	}
	return in, nil
}
