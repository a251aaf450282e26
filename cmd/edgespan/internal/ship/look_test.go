package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A file that cannot be read is reported once, and the others are read, whether it was there before the first run or is left for a
// later run.
func TestTellsOfWhatCanNotBeRead(t *testing.T) {
	const broken = "\x1f\x8bis no header of gzip"
	r, file, cfg, notes := rotating(t)
	writeFile(t, file+".2.gz", broken)
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	assert.Empty(t, notes.String())
	writeFile(t, file+".1.gz", broken)
	appendFile(t, file, spanLines(3, 5))
	_, err := Run(context.Background(), cfg)
	assert.EqualError(t, err, file+".1.gz: gzip: invalid header")
	assert.Equal(t, wanted(0, 5), r.got())

	waitFor, end := followTo(t, r, cfg, func(err error) { assert.ErrorContains(t, err, "is a directory") })
	waitNote := func(text string) {
		require.Eventually(t, func() bool { return bytes.Contains([]byte(notes.String()), []byte(text)) }, patience, time.Millisecond)
	}
	waitNote("gzip: invalid header")
	require.NoError(t, os.Remove(file+".1.gz"))
	time.Sleep(300 * time.Millisecond)
	require.NoError(t, os.Rename(file, file+".1"))
	require.NoError(t, os.Mkdir(file, 0o700))
	waitNote("is a directory")
	require.NoError(t, os.Remove(file))
	writeFile(t, file, spanLines(5, 7))
	waitFor(7)
	end()
	assert.Equal(t, wanted(0, 7), r.got())
	assert.Equal(t, fmt.Sprintf("edgespan: %s.1.gz: gzip: invalid header\nedgespan: read %s: is a directory\n", file, file), notes.String())
}

// A file that was not read to its end because of a disk error is left for another run.
func TestAnErrorIsNoEnd(t *testing.T) {
	items := make(chan item, 10)
	r := reader{ctx: context.Background(), cfg: &Config{}, in: &input{key: "key"}, items: items}
	text := io.MultiReader(bytes.NewReader([]byte(spanLines(0, 2))), iotest.ErrReader(errors.New("input/output error")))
	assert.False(t, r.piece(piece{name: "lines", text: text}))
	last := r.in.known[0]
	assert.False(t, last.Read)
	assert.Equal(t, int64(len(spanLines(0, 2))), last.Offset)
}

// A file that was renamed while its folder was being read is in neither place. What was found then is not what counts: the file that was
// read last is not lost, and no newer one is read before the rest of it.
func TestLooksAgainAfterARename(t *testing.T) {
	paths := inFolder(t, "lines", "state")
	file := paths[0]
	cfg, notes := config("http://receiver.test", file)
	cfg.Checkpoint, cfg.Transport = paths[1], answers()
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	appendFile(t, file, spanLines(3, 4))
	require.NoError(t, os.Rename(file, file+".1"))
	writeFile(t, file, spanLines(4, 5))
	in := looking(t, cfg)
	finds := 0
	p, err := in.lookBy(context.Background(), cfg.Console, func() ([]beside, error) {
		found, err := in.find()
		if finds++; finds == 1 {
			found = found[len(found)-1:] // what has the name now
		}
		return found, err
	})
	require.NoError(t, err)
	require.NotNil(t, p)
	defer in.drop(p)
	assert.Equal(t, file+".1", p.name)
	assert.Equal(t, int64(len(spanLines(0, 3))), p.from.Offset)
	assert.Empty(t, notes.String())
}

// While files are being renamed, one may not be found. When it is found again, it must still be known.
func TestRemembersWhatIsNotThereForAMoment(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file, "")
	for i := range maxAway + 5 {
		name := fmt.Sprint(file, ".", i+10)
		writeFile(t, name, spanLines(100*(i+1), 100*(i+1)+1))
		setAge(t, name, time.Duration(100-i)*time.Minute)
	}
	run(t, cfg)
	oldest := file + ".10"
	require.NoError(t, os.Rename(oldest, file+".moving"))
	appendFile(t, file, spanLines(0, 1))
	run(t, cfg)
	require.NoError(t, os.Rename(file+".moving", oldest))
	again(t, r, cfg, nil)
	assert.Empty(t, notes.String())
}

// Names are bytes, and JSON cannot represent all of them.
func TestNamesThatAreNotUTF8(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("there are no such names here")
	}
	paths := inFolder(t, "lines\xff.log", "state")
	cfg, _ := config("http://receiver.test", paths[0])
	cfg.Transport = answers()
	writeFile(t, paths[0], spanLines(0, 2))
	assert.Equal(t, 2, run(t, cfg).Lines)
	cfg.Checkpoint = paths[1]
	_, err := Run(context.Background(), cfg)
	assert.ErrorContains(t, err, "the name is not UTF-8")
}

// On a system without file ids, a file that could not be read must not be taken for the one that is read next.
func TestRemembersWhatCanNotBeReadWithoutNumbers(t *testing.T) {
	unread := entry{Read: true, Size: 22}
	c := comparison{view: view{next: &piece{}}, before: []entry{unread}, there: []bool{true}, goesOn: -1}
	c.keep()
	assert.Equal(t, []entry{unread}, c.known)
}

// A file that was there before the first run and could not be read is not read later when it can be.
func TestWhatCouldNotBeReadBefore(t *testing.T) {
	paths := inFolder(t, "lines", "lines.1")
	writeFile(t, paths[0], "")
	writeFile(t, paths[1], spanLines(0, 1))
	in := &input{key: paths[0], folders: &folders{}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // so that no file can be opened
	_ = in.begin(ctx, false)
	assert.Len(t, in.known, 1)
}
