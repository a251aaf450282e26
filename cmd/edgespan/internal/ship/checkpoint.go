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
)

// checkpoint remembers how far files were read. It is a file of JSON that is replaced as a whole, so it is never half.
type checkpoint struct {
	path string
	dry  bool
	lock *os.File
	File checkpointFile
}

type checkpointFile struct {
	Version int                `json:"version"`
	Files   map[string][]entry `json:"files"` // by absolute path: what had the name and what is beside it, that which was read last at the end
}

// entry is how far a file was read, and what it is recognised by, whatever its name has become. What is compressed is its text.
type entry struct {
	fileID
	Size     int64     `json:"size"` // of the file, when it was looked at before it was read
	Modified time.Time `json:"modified"`
	Read     bool      `json:"read"`           // that was read to its end,
	Torn     bool      `json:"torn,omitempty"` // but for a last line without an end
	Offset   int64     `json:"offset"`         // in the text: how far it was read
	Head     print     `json:"head"`           // what the text begins with, as far as it was read
	Tail     print     `json:"tail"`           // how the last line that was read ends
	End      int       `json:"lineEnd"`
}

// fileID is what a file is known by as long as it is there, if the system has that.
type fileID struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
}

// valid tells whether a run can have written it.
func (e *entry) valid() bool {
	return e.Head.Length >= 0 && e.Head.Length <= maxHead && e.Tail.Length >= 0 && e.Tail.Length <= maxTail &&
		e.End >= 0 && e.Offset >= int64(e.End+e.Tail.Length) && e.Offset >= 0
}

// isAt tells whether the file is as it was when it was looked at.
func (e *entry) isAt(info os.FileInfo) bool {
	return e.fileID == idOf(info) && e.Size == info.Size() && e.Modified.Equal(info.ModTime())
}

// see takes note of a file that is looked at.
func (e *entry) see(info os.FileInfo) {
	e.fileID, e.Size, e.Modified = idOf(info), info.Size(), info.ModTime().UTC()
}

// print is a fingerprint.
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

// openCheckpoint reads the file, and makes sure that it can be written and that nobody else does. A path of "" is no checkpoint.
func openCheckpoint(path string, dry bool) (*checkpoint, error) {
	c := &checkpoint{path: path, dry: dry, File: checkpointFile{Version: checkpointVersion, Files: map[string][]entry{}}}
	if path == "" {
		return c, nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the checkpoint %s must be a regular file", path)
	}
	if !dry {
		var err error
		if c.lock, err = lockFile(path + ".lock"); err != nil {
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

// move takes note of where inputs are.
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
