package ship

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// again runs ship two more times: each run sends only what is new.
func again(t *testing.T, r *receiver, cfg Config, want []string) Summary {
	t.Helper()
	r.mu.Lock()
	r.names = nil
	r.mu.Unlock()
	sum := run(t, cfg)
	assert.Equal(t, want, r.got())
	return sum
}

func TestGoesOnWhereItWas(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "lines", "state")
	file, state := paths[0], paths[1]
	cfg, notes := config(r.URL, file)
	cfg.Checkpoint = state
	writeFile(t, file, spanLines(0, 3)+"text\r\n")
	again(t, r, cfg, wanted(0, 3))
	again(t, r, cfg, nil)

	torn := "otlp_logs :: " + spanLine("s4")
	appendFile(t, file, spanLines(3, 4)+torn[:len(torn)/2])
	sum := again(t, r, cfg, wanted(3, 4))
	assert.Equal(t, Counts{Lines: 1, Telemetry: 1, Unfinished: 1}, sum.Counts)
	assert.True(t, sum.Complete(), "a line that is being written is no loss")
	appendFile(t, file, torn[len(torn)/2:])
	sum = again(t, r, cfg, wanted(4, 5))
	assert.Zero(t, sum.Unfinished, "a line without an end that is whole is a line")
	appendFile(t, file, "\n"+spanLines(5, 6))
	again(t, r, cfg, wanted(5, 6))
	again(t, r, cfg, nil)
	assert.Empty(t, notes.String())

	info, err := os.Stat(state)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		assert.Equal(t, os.FileMode(0o600), info.Mode())
	}
	assert.NoFileExists(t, state+".part")
}

func TestKeepsAPlaceForEachFile(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "a", "b", "state")
	writeFile(t, paths[0], spanLines(0, 2))
	writeFile(t, paths[1], spanLines(2, 4))
	cfg, _ := config(r.URL, paths[0], paths[1], paths[0])
	cfg.Checkpoint = paths[2]
	again(t, r, cfg, wanted(0, 4))
	appendFile(t, paths[0], spanLines(4, 5))
	appendFile(t, paths[1], spanLines(5, 6))
	again(t, r, cfg, wanted(4, 6))
}

// The file has been renamed and is read to its end under its new name. Then comes the file that was rotated after it, and then the
// new file.
func TestFindsWhatWasRotated(t *testing.T) {
	for _, c := range []struct {
		name   string
		rotate func(file string)
	}{
		{"renamed", func(file string) {
			_ = os.Rename(file, file+".1")
		}},
		{"renamed and compressed", func(file string) {
			_ = os.Rename(file, file+"-20261125")
			zipFile(t, file+"-20261125", file+"-20261125.gz")
		}},
		{"renamed and compressed with zstd", func(file string) {
			_ = os.Rename(file, file+".3")
			zipFile(t, file+".3", file+".3.zst")
		}},
		{"renamed, and being compressed", func(file string) {
			text, _ := os.ReadFile(file)
			_ = os.WriteFile(file+".copy", text, 0o600)
			zipFile(t, file+".copy", file+".1.gz")
			info, _ := os.Stat(file + ".1.gz")
			_ = os.Truncate(file+".1.gz", info.Size()/2)
			_ = os.Rename(file, file+".1")
		}},
		{"copied and cut short", func(file string) {
			text, _ := os.ReadFile(file)
			_ = os.WriteFile(file+".1", text, 0o600)
			_ = os.Truncate(file, 0)
		}},
		{"twice", func(file string) {
			_ = os.Rename(file, file+".2")
			_ = os.WriteFile(file+".1", []byte(spanLines(100, 102)), 0o600)
			setAge(t, file+".2", time.Minute)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newReceiver(t)
			paths := inFolder(t, "spans.jsonl", "spans.jsonl.state")
			file := paths[0]
			cfg, notes := config(r.URL, file)
			cfg.Checkpoint = paths[1]
			writeFile(t, file, spanLines(0, 30))
			again(t, r, cfg, wanted(0, 30))
			appendFile(t, file, spanLines(30, 40))
			c.rotate(file)
			appendFile(t, file, spanLines(40, 45))
			want := wanted(30, 40)
			if c.name == "twice" {
				want = append(want, wanted(100, 102)...)
			}
			again(t, r, cfg, append(want, wanted(40, 45)...))
			appendFile(t, file, spanLines(45, 46))
			again(t, r, cfg, wanted(45, 46))
			assert.Empty(t, notes.String())
		})
	}
}

func TestTellsOfARestThatIsGone(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "lines", "state")
	cfg, notes := config(r.URL, paths[0])
	cfg.Checkpoint = paths[1]
	writeFile(t, paths[0], spanLines(0, 30))
	again(t, r, cfg, wanted(0, 30))
	writeFile(t, paths[0], spanLines(30, 35))
	again(t, r, cfg, wanted(30, 35))
	assert.Contains(t, notes.String(), "was cut short since it was last read")
	require.NoError(t, os.Remove(paths[0]))
	writeFile(t, paths[0]+".new", spanLines(40, 90))
	require.NoError(t, os.Rename(paths[0]+".new", paths[0]))
	again(t, r, cfg, wanted(40, 90))
	assert.Contains(t, notes.String(), "was replaced since it was last read")
}

func TestGoesOnInACompressedFile(t *testing.T) {
	for _, name := range []string{"lines.gz", "lines.zst"} {
		t.Run(name, func(t *testing.T) { goOnInACompressedFile(t, name) })
	}
}

func goOnInACompressedFile(t *testing.T, name string) {
	r := newReceiver(t)
	paths := inFolder(t, name, "state")
	writeFile(t, paths[0]+".text", spanLines(0, 100))
	zipFile(t, paths[0]+".text", paths[0])
	cfg, _ := config(r.URL, paths[0])
	cfg.Checkpoint, cfg.Items = paths[1], 10
	n := 0
	ctx, cancel := context.WithCancel(context.Background())
	cfg.Transport = countTo(5, cancel, &n, cfg.Transport)
	_, err := Run(ctx, cfg)
	require.Error(t, err)
	first := len(r.got())
	assert.GreaterOrEqual(t, first, 40)
	cfg, _ = config(r.URL, paths[0])
	cfg.Checkpoint = paths[1]
	run(t, cfg)
	assert.Subset(t, r.got(), wanted(0, 100))
	assert.LessOrEqual(t, len(r.got()), 110, "at most one batch comes twice")

	again(t, r, cfg, nil)
	writeFile(t, paths[0]+".text", spanLines(100, 103))
	more := filepath.Join(filepath.Dir(paths[0]), "more-"+name)
	zipFile(t, paths[0]+".text", more)
	text, err := os.ReadFile(more)
	require.NoError(t, err)
	appendFile(t, paths[0], string(text))
	again(t, r, cfg, wanted(100, 103))
}

// A compressed file that was read to its end is not decompressed again just to find that out.
func TestKnowsACompressedFileThatIsDone(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "lines.gz", "state")
	writeFile(t, paths[0]+".text", spanLines(0, 10))
	zipFile(t, paths[0]+".text", paths[0])
	cfg, _ := config(r.URL, paths[0])
	cfg.Checkpoint = paths[1]
	again(t, r, cfg, wanted(0, 10))
	info, err := os.Stat(paths[0])
	require.NoError(t, err)
	writeFile(t, paths[0], strings.Repeat("\x1f\x8b", int(info.Size()/2))+"x"[:info.Size()%2]) // reading it would fail
	require.NoError(t, os.Chtimes(paths[0], info.ModTime(), info.ModTime()))
	again(t, r, cfg, nil)
}

func TestBeginsAtTheEnd(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "lines", "state")
	cfg, _ := config(r.URL, paths[0])
	cfg.Checkpoint, cfg.AtEnd = paths[1], true
	writeFile(t, paths[0], strings.Repeat("x", 10_000)+"\n"+spanLines(0, 5))
	again(t, r, cfg, nil)
	again(t, r, cfg, nil)
	appendFile(t, paths[0], spanLines(5, 7))
	again(t, r, cfg, wanted(5, 7)) // although it is again told to start at the end
	appendFile(t, paths[0], spanLines(7, 8))
	again(t, r, cfg, wanted(7, 8))

	for _, text := range []string{"", "\n", "a\n", "\n\n", "torn"} {
		paths := inFolder(t, "lines", "state")
		cfg, notes := config(r.URL, paths[0])
		cfg.Checkpoint, cfg.AtEnd = paths[1], true
		writeFile(t, paths[0], text)
		again(t, r, cfg, nil)
		appendFile(t, paths[0], "\n"+spanLines(0, 1))
		again(t, r, cfg, wanted(0, 1))
		assert.Empty(t, notes.String())
	}
}

func TestRefusesWhatIsNoCheckpoint(t *testing.T) {
	paths := inFolder(t, "lines", "state", "folder")
	writeFile(t, paths[0], spanLines(0, 1))
	cfg, _ := config("http://receiver.test", paths[0])
	cfg.Checkpoint = paths[1]
	for text, want := range map[string]string{
		`{"a`:                        "remove it to start from the beginning",
		`{"version":9,"files":{}}`:   "its version is 9",
		spanLines(0, 1):              "remove it to start from the beginning",
		`{"version":1,"files":null}`: "",
		`{"version":2,"files":{"/lines":[{"head":{"length":-1}}]}}`:                                            "it has positions in /lines that are impossible",
		`{"version":2,"files":{"/lines":[{"offset":9,"lineEnd":1,"tail":{"length":9}}]}}`:                      "it has positions in /lines that are impossible",
		`{"version":2,"files":{"/lines":[{"offset":9,"lineEnd":-1,"tail":{"length":1},"head":{"length":9}}]}}`: "it has positions in /lines that are impossible",
	} {
		writeFile(t, paths[1], text)
		_, err := Run(context.Background(), cfg)
		require.Error(t, err)
		assert.ErrorContains(t, err, want)
		kept, _ := os.ReadFile(paths[1])
		assert.Equal(t, text, string(kept))
	}
	cfg.Checkpoint = paths[2] + "/none/state"
	_, err := Run(context.Background(), cfg)
	assert.ErrorIs(t, err, fs.ErrNotExist, "before anything is sent")
}

func TestOneAtATime(t *testing.T) {
	paths := inFolder(t, "lines", "state")
	writeFile(t, paths[0], spanLines(0, 1))
	book, err := openCheckpoint(paths[1], false)
	require.NoError(t, err)
	cfg, _ := config("http://receiver.test", paths[0])
	cfg.Checkpoint, cfg.Transport = paths[1], answers()
	_, err = Run(context.Background(), cfg)
	assert.ErrorContains(t, err, "another 'edgespan ship' is using it")
	if link := paths[1] + ".link"; os.Symlink(paths[1], link) == nil && runtime.GOOS != "windows" { // where Wine has no links
		cfg.Checkpoint = link
		_, err = Run(context.Background(), cfg)
		assert.ErrorContains(t, err, "another 'edgespan ship' is using it")
	}
	book.close()
	run(t, cfg)
}

// Wherever the file is cut off, everything before and after is sent exactly once.
func TestEveryPlaceToStop(t *testing.T) {
	r := newReceiver(t)
	whole := "text\r\n" + spanLines(0, 2) + "\n" + compactLine + "\r\n" + spanLines(2, 3)
	for cut := 0; cut <= len(whole); cut += 7 {
		paths := inFolder(t, "lines", "state")
		writeFile(t, paths[0], whole[:cut])
		cfg, notes := config(r.URL, paths[0])
		cfg.Checkpoint, cfg.Gzip = paths[1], false
		r.mu.Lock()
		r.names = nil
		r.mu.Unlock()
		run(t, cfg)
		appendFile(t, paths[0], whole[cut:])
		run(t, cfg)
		require.Equal(t, []string{"s0", "s1", "compact", "s2"}, r.got(), fmt.Sprint(cut))
		require.Empty(t, notes.String())
	}
}

// A document that spans lines is sent as one. A document that is still being written is left for the next run.
func TestGoesOnBehindADocument(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "lines", "state")
	cfg, _ := config(r.URL, paths[0])
	cfg.Checkpoint = paths[1]
	document := func(name string) string {
		var b bytes.Buffer
		require.NoError(t, json.Indent(&b, []byte(spanLine(name)), "", "  "))
		return b.String() + "\n"
	}
	next := document("s2")
	half := len(next) / 2
	writeFile(t, paths[0], spanLines(0, 1)+document("s1")+next[:half])
	sum := again(t, r, cfg, wanted(0, 2))
	assert.Equal(t, Counts{Lines: 2, Telemetry: 2, Unfinished: 1}, sum.Counts)
	again(t, r, cfg, nil)
	appendFile(t, paths[0], next[half:])
	again(t, r, cfg, wanted(2, 3))
	appendFile(t, paths[0], spanLines(3, 4))
	again(t, r, cfg, wanted(3, 4))
	again(t, r, cfg, nil)
}

// A file without telemetry was probably named by mistake. What comes after a part of it was read may be anything.
func TestAFileWithoutTelemetryIsNotComplete(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "notes", "spans", "empty", "state")
	writeFile(t, paths[0], "some\nwords\n")
	writeFile(t, paths[1], spanLines(0, 1))
	writeFile(t, paths[2], "")
	cfg, notes := config(r.URL, paths[:3]...)
	sum := run(t, cfg)
	assert.Equal(t, 1, sum.Foreign)
	assert.False(t, sum.Complete())
	assert.Equal(t, "edgespan: "+paths[0]+": no telemetry in this file\n", notes.String())
	assert.Contains(t, sum.Text(false), "files                  1 without telemetry\n")

	cfg, _ = config(r.URL, paths[1])
	cfg.Checkpoint = paths[3]
	run(t, cfg)
	appendFile(t, paths[1], "words\n")
	assert.Zero(t, run(t, cfg).Foreign)
	assert.Zero(t, run(t, piped(cfg, "words\n")).Foreign, "through a pipe comes what a program prints")
}
