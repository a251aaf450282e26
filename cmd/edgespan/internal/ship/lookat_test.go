package ship

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// looking returns the input of a file that the checkpoint knows.
func looking(t *testing.T, cfg Config) *input {
	t.Helper()
	book, err := openCheckpoint(cfg.Checkpoint, true)
	require.NoError(t, err)
	in, err := planFile(context.Background(), &cfg, book, &folders{}, cfg.Files[0])
	require.NoError(t, err)
	return in
}

// entryOf is an entry of a file whose text was read to its end.
func entryOf(text string) entry {
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	last := lines[len(lines)-1]
	return entry{Read: true, Offset: int64(len(text)), End: 1, Head: printOf([]byte(text[:min(len(text), maxHead)])), Tail: printOf([]byte(last[max(0, len(last)-maxTail):]))}
}

func lookAt(in *input) view {
	found, err := in.find()
	return in.lookAt(context.Background(), found, err)
}

// A file that is renamed while the files are being looked at is not lost.
func TestAFileThatMovesIsNotLost(t *testing.T) {
	_, file, cfg, _ := rotating(t)
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	appendFile(t, file, spanLines(3, 4))
	in := looking(t, cfg)
	found, err := in.find()
	require.NoError(t, err)
	require.True(t, os.SameFile(found[0].info, found[0].info), "Windows looks now which file it is")
	require.NoError(t, os.Rename(file, file+".1"))
	writeFile(t, file, spanLines(4, 5))
	v := in.lookAt(context.Background(), found, nil)
	assert.True(t, v.moving)
	assert.False(t, v.lost)
	assert.Nil(t, v.next)
	assert.Equal(t, in.known, v.known)
}

// A file that cannot be read may be the one that is missing.
func TestAFileThatCannotBeReadIsNotLost(t *testing.T) {
	_, file, cfg, _ := rotating(t)
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	require.NoError(t, os.Remove(file))
	writeFile(t, file+".1.gz", "\x1f\x8bis no header of gzip")
	writeFile(t, file, spanLines(4, 5))
	in := looking(t, cfg)
	v := lookAt(in)
	assert.Error(t, v.unread)
	assert.False(t, v.lost)
	require.NotNil(t, v.next)
	in.drop(v.next)
	assert.Equal(t, in.known, v.known)
}

// If it can't be found out which files there are, none of them is lost. This is an error, and reading goes on where it stopped.
func TestFilesThatCannotBeFoundAreNotLost(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "logs")
	require.NoError(t, os.Mkdir(folder, 0o700))
	file := filepath.Join(folder, "lines")
	cfg, notes := config("http://receiver.test", file)
	cfg.Checkpoint, cfg.Transport = filepath.Join(t.TempDir(), "state"), answers()
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	appendFile(t, file, spanLines(3, 4))
	in := looking(t, cfg)

	require.NoError(t, os.Rename(folder, folder+".away"))
	if err := os.Symlink(folder, folder); err != nil { // leads to itself
		t.Skip(err)
	}
	p, err := in.look(context.Background(), cfg.Console)
	require.Error(t, err)
	assert.Nil(t, p)
	p, err = in.look(context.Background(), cfg.Console)
	require.NoError(t, err, "it is reported once")
	assert.Nil(t, p)

	require.NoError(t, os.Remove(folder))
	require.NoError(t, os.Rename(folder+".away", folder))
	p, err = in.look(context.Background(), cfg.Console)
	require.NoError(t, err)
	require.NotNil(t, p)
	defer in.drop(p)
	assert.Equal(t, int64(len(spanLines(0, 3))), p.from.Offset)
	assert.Empty(t, notes.String())
}

// A file is not taken for a new one because it cannot be read for a moment.
func TestAFileThatCannotBeReadIsNotNew(t *testing.T) {
	_, file, cfg, _ := rotating(t)
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	f, err := os.Open(file)
	require.NoError(t, err)
	head, err := headOf(f)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	_, _, _, err = recognize(f, head, looking(t, cfg).known, true)
	require.Error(t, err)
}

// A copy that ends before the point that was read has nothing new. The first takes the place of what it is a copy of, and a second one
// is known beside it.
func TestCopies(t *testing.T) {
	_, file, cfg, _ := rotating(t)
	writeFile(t, file, spanLines(0, 100)) // more than what a file is recognised by
	run(t, cfg)
	require.NoError(t, os.Truncate(file, 0))
	for copies := 1; copies <= 2; copies++ {
		writeFile(t, file+"."+strconv.Itoa(copies), spanLines(0, 70+copies))
		in := looking(t, cfg)
		in.known[0].Read, in.known[0].Torn = false, true // half a line, which is no part of the copy
		v := lookAt(in)
		assert.Nil(t, v.next)
		assert.False(t, v.lost)
		require.Len(t, v.known, copies)
		for _, e := range v.known {
			assert.True(t, e.Read && !e.Torn, "it is not looked at again")
		}
	}
}

// What is remembered of files that are not there.
func TestKeep(t *testing.T) {
	numbered := fileID{1, 2}
	read := entryOf(spanLines(0, 1))
	many := make([]entry, maxAway+5)
	for i := range many {
		many[i] = entryOf(spanLines(i, i+2))
	}
	for name, tt := range map[string]struct {
		view   view
		before []entry
		known  int
		lost   bool
	}{
		"one that was read":                     {view{}, []entry{read}, 0, true},
		"one that was never read":               {view{}, []entry{{Read: true, Head: read.Head}}, 1, false},
		"files are being renamed":               {view{moving: true}, []entry{read}, 1, false},
		"it may be the one that cannot be read": {view{unread: os.ErrPermission}, []entry{read}, 1, false},
		"it was empty, and is next":             {view{next: &piece{from: entry{fileID: numbered}}}, []entry{{fileID: numbered, Read: true}}, 0, false},
		"another is next":                       {view{next: &piece{from: entry{fileID: fileID{1, 3}}}}, []entry{{fileID: numbered, Read: true}}, 1, false},
		"it is a copy of one that is known":     {view{known: []entry{read}}, []entry{read}, 1, false},
		"too many":                              {view{moving: true}, many, maxAway, false},
		"many, of which not all were looked at": {view{moving: true, early: true}, many, len(many), false},
	} {
		c := comparison{view: tt.view, before: tt.before, there: make([]bool, len(tt.before)), goesOn: -1}
		c.keep()
		assert.Len(t, c.known, tt.known, name)
		assert.Equal(t, tt.lost, c.lost, name)
	}
}

// Of several entries that a file continues, it is the one that was read furthest.
func TestRecognizesTheFurthest(t *testing.T) {
	file := inFolder(t, "lines")[0]
	writeFile(t, file, spanLines(0, 5))
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	head, err := headOf(f)
	require.NoError(t, err)
	p, at, k, err := recognize(f, head, []entry{entryOf(spanLines(0, 1)), entryOf(spanLines(0, 3)), entryOf(spanLines(0, 2)), entryOf(spanLines(7, 9))}, true)
	require.NoError(t, err)
	assert.Equal(t, same, k)
	assert.Equal(t, 1, at)
	assert.Equal(t, int64(len(spanLines(0, 3))), p.from.Offset)
}

// A file that begins as the one that was read, with more than what it is recognised by, and is another.
func TestAnotherFileWithTheSameBeginning(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	same := spanLines(0, 100)
	require.Greater(t, len(same), maxHead)
	writeFile(t, file, same+spanLines(100, 105))
	run(t, cfg)
	require.NoError(t, os.Remove(file))
	writeFile(t, file, same+"text\n"+spanLines(200, 210))
	run(t, cfg)
	want := append(append(wanted(0, 105), wanted(0, 100)...), wanted(200, 210)...)
	assert.Equal(t, want, r.got())
	assert.Contains(t, notes.String(), sinceRead)
}

// A file that is cut short to the beginning of what it was is read again, and is no copy.
func TestAFileThatIsCutToItsBeginning(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file, spanLines(0, 100)) // more than what a file is recognised by
	run(t, cfg)
	require.NoError(t, os.Truncate(file, int64(len(spanLines(0, 70)))))
	run(t, cfg)
	assert.Equal(t, append(wanted(0, 100), wanted(0, 70)...), r.got())
	assert.Contains(t, notes.String(), sinceRead)
}

// What was compressed before the first run is not read, also when its time is another.
func TestACompressedFileThatWasThereBefore(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file+".copy", spanLines(0, 3))
	zipFile(t, file+".copy", file+".1.gz")
	writeFile(t, file, spanLines(3, 4))
	run(t, cfg)
	setAge(t, file+".1.gz", time.Minute)
	run(t, cfg)
	assert.Equal(t, wanted(3, 4), r.got())
	assert.Empty(t, notes.String())
}

// Half a line that was left in a file with the name counts as broken when the file has lost the name, though it is as it was.
func TestTellsOfATornLineInAFileThatIsAsItWas(t *testing.T) {
	r, file, cfg, _ := rotating(t)
	writeFile(t, file, spanLines(0, 2)+`{"resourceSpans":[`)
	setAge(t, file, time.Hour)
	assert.Zero(t, run(t, cfg).Broken)
	require.NoError(t, os.Rename(file, file+".1"))
	writeFile(t, file, spanLines(2, 3))
	assert.Equal(t, 1, run(t, cfg).Broken)
	assert.Equal(t, wanted(0, 3), r.got())
	again(t, r, cfg, nil)
}
