package ship

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/wholefile"
	"github.com/edgespan/edgespan/internal/lockfile"
)

// checkpoint records how far files were read. It is a JSON file that is always replaced as a whole, so it is never incomplete.
type checkpoint struct {
	path string
	dry  bool
	lock *os.File
	File checkpointFile
}

type checkpointFile struct {
	Version int                `json:"version"`
	Files   map[string][]entry `json:"files"` // by the input's absolute path: the files that were read from it, the last one at the end
}

// entry says how far a file was read, and identifies the file even after it is renamed. Offsets in a compressed file are offsets in
// its text.
type entry struct {
	fileID
	Size     int64     `json:"size"` // of the file, when it was looked at before reading
	Modified time.Time `json:"modified"`
	Read     bool      `json:"read"`           // it was read to its end,
	Torn     bool      `json:"torn,omitempty"` // except a last line without an end
	Offset   int64     `json:"offset"`         // how far the text was read
	Head     print     `json:"head"`           // of the beginning of the text that was read
	Tail     print     `json:"tail"`           // of the end of the last line that was read
	End      int       `json:"lineEnd"`
}

// fileID identifies a file while it exists, if the system has such ids.
type fileID struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
}

// valid tells whether a run can have written this entry.
func (e *entry) valid() bool {
	return e.Head.Length >= 0 && e.Head.Length <= maxHead && e.Tail.Length >= 0 && e.Tail.Length <= maxTail &&
		e.End >= 0 && e.Offset >= int64(e.End+e.Tail.Length) && e.Offset >= 0
}

// isAt tells whether the file has not changed since it was looked at.
func (e *entry) isAt(info os.FileInfo) bool {
	return e.fileID == idOf(info) && e.Size == info.Size() && e.Modified.Equal(info.ModTime())
}

// see records the state of a file that is being looked at.
func (e *entry) see(info os.FileInfo) {
	e.fileID, e.Size, e.Modified = idOf(info), info.Size(), info.ModTime().UTC()
}

// print is a fingerprint of bytes.
type print struct {
	Length int    `json:"length"`
	Hash   string `json:"hash"`
}

func printOf(text []byte) print {
	h := fnv.New128a()
	_, _ = h.Write(text)
	return print{len(text), fmt.Sprintf("%x", h.Sum(nil))}
}

const checkpointVersion = 2

// openCheckpoint reads the file, and checks that it can be written and that no other process writes it. A path of "" means no
// checkpoint.
func openCheckpoint(path string, dry bool) (*checkpoint, error) {
	c := &checkpoint{path: path, dry: dry, File: checkpointFile{Version: checkpointVersion, Files: map[string][]entry{}}}
	if path == "" {
		return c, nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the checkpoint %s must be a regular file", path)
	}
	if !dry {
		target, err := wholefile.Target(path) // a link and what it leads to are one checkpoint
		if err == nil {
			c.lock, err = lockfile.Take(target + ".lock")
		}
		if err == nil && c.lock == nil {
			err = errors.New("another 'edgespan ship' is using it")
		}
		if err != nil {
			return nil, fmt.Errorf("checkpoint %s: %w", path, err)
		}
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, c.save()
	}
	if err == nil {
		err = json.Unmarshal(text, &c.File)
		if err == nil && (c.File.Version != checkpointVersion || c.File.Files == nil) {
			err = fmt.Errorf("its version is %d, and this version of edgespan reads %d", c.File.Version, checkpointVersion)
		}
		for name, entries := range c.File.Files {
			if err == nil && slices.ContainsFunc(entries, func(e entry) bool { return !e.valid() }) {
				err = fmt.Errorf("it has positions in %s that are impossible", name)
			}
		}
	}
	if err != nil {
		c.close()
		return nil, fmt.Errorf("%s is not a checkpoint that can be read; remove it to start from the beginning: %w", path, err)
	}
	return c, c.save()
}

// move records the positions of inputs.
func (c *checkpoint) move(positions map[string]position) error {
	if c.path == "" || len(positions) == 0 {
		return nil
	}
	for key, p := range positions {
		c.File.Files[key] = p.entries()
	}
	return c.save()
}

func (c *checkpoint) save() error {
	if c.dry || c.path == "" {
		return nil
	}
	text, err := json.MarshalIndent(&c.File, "", " ")
	if err == nil {
		err = wholefile.Write(c.path, 0o600, func(w io.Writer) error {
			_, err := w.Write(append(text, '\n'))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

func (c *checkpoint) close() {
	if c.lock != nil {
		_ = c.lock.Close()
	}
}
