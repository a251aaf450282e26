package ship

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
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
	Version int              `json:"version"`
	Files   map[string]entry `json:"files"` // by absolute path
}

// entry is how far a file was read, and what it is recognised by, whatever its name has become.
type entry struct {
	Device uint64    `json:"device"`
	Inode  uint64    `json:"inode"`
	Offset int64     `json:"offset"` // in the text, which may be compressed
	Head   print     `json:"head"`   // what the file begins with
	Tail   print     `json:"tail"`   // how the last line that was read ends
	End    int       `json:"lineEnd"`
	Size   int64     `json:"size"`            // when it was opened
	Whole  bool      `json:"whole,omitempty"` // it is compressed, and was read to its end
	Time   time.Time `json:"time"`
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

const checkpointVersion = 1

// openCheckpoint reads the file, and makes sure that it can be written and that nobody else does. A path of "" is no checkpoint.
func openCheckpoint(path string, dry bool) (*checkpoint, error) {
	c := &checkpoint{path: path, dry: dry, File: checkpointFile{Version: checkpointVersion, Files: map[string]entry{}}}
	if path == "" {
		return c, nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("checkpoint %s is no file that can be read again", path)
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
			err = fmt.Errorf("its version is %d, and this program knows %d", c.File.Version, checkpointVersion)
		}
	}
	if err != nil {
		c.close()
		return nil, fmt.Errorf("%s is no checkpoint; remove it to begin anew: %w", path, err)
	}
	return c, c.save()
}

// move takes note of where inputs are.
func (c *checkpoint) move(positions map[string]position) error {
	if c.path == "" || len(positions) == 0 {
		return nil
	}
	for key, p := range positions {
		c.File.Files[key] = entryOf(&p)
	}
	return c.save()
}

func entryOf(p *position) entry {
	before := p.offset - int64(p.end) - int64(len(p.tail)) // where the tail begins
	head := p.src.head[:min(int64(len(p.src.head)), max(before, 0))]
	return entry{
		Device: p.src.device, Inode: p.src.inode, Offset: p.offset,
		Head: printOf(head), Tail: printOf(p.tail), End: p.end, Size: p.src.size, Whole: p.whole, Time: time.Now().UTC().Truncate(time.Second),
	}
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
