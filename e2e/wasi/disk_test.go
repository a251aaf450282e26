package wasi

import (
	"io/fs"

	"github.com/tetratelabs/wazero/experimental/sys"
	wazerosys "github.com/tetratelabs/wazero/sys"
)

// disk is a folder of which one call fails.
type disk struct {
	sys.FS
	fault
	at    int      // the number of the call that fails, or -1
	calls []string // the names of the calls so far
	open  int      // files
	sound bool     // the program is over
}

// fault is a way in which a call can fail.
type fault struct {
	name      string
	errno     sys.Errno // the result, or 0 if the call succeeds
	half      bool      // half of what is written gets to the disk, all the same
	kill      bool      // the program dies
	stays     bool      // all further calls with the same name fail too
	meanwhile func()    // what another program does before the call
}

// call notes a call, and lets it fail if it is the one that has to. half is nil, or does half of it.
func (d *disk) call(name string, half func() sys.Errno) sys.Errno {
	n := len(d.calls)
	d.calls = append(d.calls, name)
	if d.sound || n != d.at && (!d.stays || d.at < 0 || n < d.at || name != d.calls[d.at]) {
		return 0
	}
	if d.meanwhile != nil {
		d.meanwhile()
	}
	if d.half && half != nil {
		_ = half()
	}
	if d.kill {
		d.sound = true
		panic(wazerosys.NewExitError(killed))
	}
	return d.errno
}

const killed = 137

func (d *disk) OpenFile(path string, flag sys.Oflag, perm fs.FileMode) (sys.File, sys.Errno) {
	if failed := d.call("open", nil); failed != 0 {
		return nil, failed
	}
	f, failed := d.FS.OpenFile(path, flag, perm)
	if failed != 0 {
		return nil, failed
	}
	d.open++
	return &diskFile{File: f, disk: d}, 0
}

func (d *disk) Stat(path string) (wazerosys.Stat_t, sys.Errno) {
	if failed := d.call("stat", nil); failed != 0 {
		return wazerosys.Stat_t{}, failed
	}
	return d.FS.Stat(path)
}

func (d *disk) Lstat(path string) (wazerosys.Stat_t, sys.Errno) {
	if failed := d.call("lstat", nil); failed != 0 {
		return wazerosys.Stat_t{}, failed
	}
	return d.FS.Lstat(path)
}

func (d *disk) Rename(from, to string) sys.Errno {
	if failed := d.call("rename", nil); failed != 0 {
		return failed
	}
	return d.FS.Rename(from, to)
}

func (d *disk) Unlink(path string) sys.Errno {
	if failed := d.call("unlink", nil); failed != 0 {
		return failed
	}
	return d.FS.Unlink(path)
}

// diskFile is a file on a disk.
type diskFile struct {
	sys.File
	disk   *disk
	closed bool
}

func (f *diskFile) Stat() (wazerosys.Stat_t, sys.Errno) {
	if failed := f.disk.call("fstat", nil); failed != 0 {
		return wazerosys.Stat_t{}, failed
	}
	return f.File.Stat()
}

func (f *diskFile) Read(p []byte) (int, sys.Errno) {
	if failed := f.disk.call("read", nil); failed != 0 {
		return 0, failed
	}
	return f.File.Read(p[:min(len(p), max(700, len(p)/2))]) // short reads
}

func (f *diskFile) Pread(p []byte, at int64) (int, sys.Errno) {
	if failed := f.disk.call("pread", nil); failed != 0 {
		return 0, failed
	}
	return f.File.Pread(p, at)
}

func (f *diskFile) Readdir(n int) ([]sys.Dirent, sys.Errno) {
	if failed := f.disk.call("readdir", nil); failed != 0 {
		return nil, failed
	}
	return f.File.Readdir(n)
}

func (f *diskFile) Write(p []byte) (int, sys.Errno) { return f.write(p, f.File.Write) }

func (f *diskFile) Pwrite(p []byte, at int64) (int, sys.Errno) {
	return f.write(p, func(p []byte) (int, sys.Errno) { return f.File.Pwrite(p, at) })
}

func (f *diskFile) write(p []byte, do func([]byte) (int, sys.Errno)) (int, sys.Errno) {
	wrote := 0
	failed := f.disk.call("write", func() (failed sys.Errno) {
		wrote, failed = do(p[:len(p)/2])
		return failed
	})
	if failed != 0 || wrote > 0 {
		return wrote, failed
	}
	return do(p)
}

func (f *diskFile) Truncate(size int64) sys.Errno {
	if failed := f.disk.call("truncate", nil); failed != 0 {
		return failed
	}
	return f.File.Truncate(size)
}

func (f *diskFile) Sync() sys.Errno {
	if failed := f.disk.call("sync", nil); failed != 0 {
		return failed
	}
	return f.File.Sync()
}

func (f *diskFile) Close() sys.Errno {
	if f.closed {
		return 0
	}
	f.closed = true
	f.disk.open--
	failed := f.disk.call("close", nil)
	if own := f.File.Close(); failed == 0 {
		return own
	}
	return failed
}
