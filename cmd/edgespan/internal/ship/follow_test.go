package ship

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rotating returns a receiver, the name of a file in a folder of its own, and a Config that ships the file with a checkpoint.
func rotating(t *testing.T) (r *receiver, file string, cfg Config, said *notes) {
	r = newReceiver(t)
	paths := inFolder(t, "lines", "state")
	cfg, said = config(r.URL, paths[0])
	cfg.Checkpoint = paths[1]
	return r, paths[0], cfg, said
}

// follow starts to follow files. waitFor waits for a number of spans; end stops it.
func follow(t *testing.T, r *receiver, cfg Config) (waitFor func(n int), end func()) {
	t.Helper()
	return followTo(t, r, cfg, func(err error) { require.NoError(t, err) })
}

// followTo is follow for a run that may end with an error.
func followTo(t *testing.T, r *receiver, cfg Config, check func(error)) (waitFor func(n int), end func()) {
	t.Helper()
	stop := make(chan struct{})
	cfg.Follow, cfg.Stop = true, stop
	done := make(chan error, 1)
	go func() {
		_, err := Run(context.Background(), cfg)
		done <- err
	}()
	waitFor = func(n int) {
		t.Helper()
		require.Eventually(t, func() bool { return len(r.got()) >= n }, patience, time.Millisecond)
	}
	return waitFor, func() {
		t.Helper()
		close(stop)
		check(<-done)
	}
}

// away makes the receiver answer that it is busy until back is called.
func away(r *receiver) (back func()) {
	var here atomic.Bool
	r.answer = func(w http.ResponseWriter, _ string, _ []byte) bool {
		if !here.Load() {
			w.WriteHeader(503)
		}
		return !here.Load()
	}
	return func() { here.Store(true) }
}

func waitForRequest(t *testing.T, r *receiver) {
	t.Helper()
	require.Eventually(t, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.headers) > 0
	}, patience, time.Millisecond)
}

func TestFollowsARotatedFile(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file, spanLines(0, 3))
	waitFor, end := follow(t, r, cfg)
	waitFor(3)
	appendFile(t, file, spanLines(3, 5))
	waitFor(5)
	require.NoError(t, os.Rename(file, file+".1"))
	appendFile(t, file+".1", spanLines(5, 6)) // by a program that still has it open
	writeFile(t, file, spanLines(6, 8))
	waitFor(8)
	assert.Empty(t, notes.String())
	require.NoError(t, os.Truncate(file, 0))
	require.Eventually(t, func() bool { return notes.String() != "" }, patience, time.Millisecond)
	assert.Contains(t, notes.String(), "was cut short since it was last read")
	appendFile(t, file, spanLines(8, 9))
	waitFor(9)
	require.Eventually(t, func() bool { return offsetOf(cfg.Checkpoint, file) == len(spanLines(8, 9)) }, patience, 20*time.Millisecond)
	end()
	assert.Equal(t, wanted(0, 9), r.got())

	appendFile(t, file, spanLines(9, 10))
	again(t, r, cfg, wanted(9, 10))
}

// stateOf returns the entries of a checkpoint, if it exists.
func stateOf(state string) map[string][]entry {
	var c checkpointFile
	if text, err := os.ReadFile(state); err != nil || json.Unmarshal(text, &c) != nil {
		return nil
	}
	return c.Files
}

func offsetOf(state, file string) int {
	entries := stateOf(state)[file]
	if len(entries) == 0 {
		return 0
	}
	return int(entries[len(entries)-1].Offset)
}

// The file is rotated more than once while the receiver is away.
func TestFollowsWhatWasRotatedMeanwhile(t *testing.T) {
	for _, checkpoint := range []bool{true, false} {
		r, file, cfg, notes := rotating(t)
		cfg.Items, cfg.RetryFor = 1, 0
		if !checkpoint {
			cfg.Checkpoint = ""
		}
		back := away(r)
		writeFile(t, file, spanLines(0, 10))
		waitFor, end := follow(t, r, cfg)
		waitForRequest(t, r)
		require.NoError(t, os.Rename(file, file+".2"))
		setAge(t, file+".2", time.Minute)
		writeFile(t, file, spanLines(10, 20))
		require.NoError(t, os.Rename(file, file+".1"))
		writeFile(t, file, spanLines(20, 30))
		back()
		waitFor(30)
		end()
		assert.Equal(t, wanted(0, 30), r.got())
		assert.NotContains(t, notes.String(), sinceRead)
	}
}

// As logrotate's create: the new file exists before the writing program knows of it.
func TestFollowsTheOldFileUntilTheNewOneIsWritten(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file, spanLines(0, 3))
	waitFor, end := follow(t, r, cfg)
	waitFor(3)
	require.NoError(t, os.Rename(file, file+".1"))
	writeFile(t, file, "")
	time.Sleep(400 * time.Millisecond)
	appendFile(t, file+".1", spanLines(3, 5))
	time.Sleep(400 * time.Millisecond)
	appendFile(t, file, spanLines(5, 6))
	waitFor(6)
	end()
	assert.Equal(t, wanted(0, 6), r.got())
	assert.Empty(t, notes.String())
}

// As logrotate's copytruncate, while the receiver is away. The file may then be longer than it was before.
func TestFollowsACopyOfWhatWasCutShort(t *testing.T) {
	for _, more := range []int{3, 1500} {
		r, file, cfg, notes := rotating(t)
		cfg.Items, cfg.RetryFor = 50, 0
		back := away(r)
		writeFile(t, file, spanLines(0, 1000))
		waitFor, end := follow(t, r, cfg)
		waitForRequest(t, r)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		writeFile(t, file+".1", string(text))
		require.NoError(t, os.Truncate(file, 0))
		appendFile(t, file, spanLines(1000, 1000+more))
		back()
		waitFor(1000 + more)
		end()
		assert.Equal(t, wanted(0, 1000+more), r.got())
		assert.NotContains(t, notes.String(), sinceRead)
	}
}

// A line of which only a part was read is read whole if it was finished before the file was copied.
func TestFollowsATornLineIntoTheCopy(t *testing.T) {
	for _, checkpoint := range []bool{true, false} {
		r, file, cfg, notes := rotating(t)
		if !checkpoint {
			cfg.Checkpoint = ""
		}
		whole := spanLines(0, 3)
		writeFile(t, file, whole[:len(whole)-20])
		waitFor, end := follow(t, r, cfg)
		waitFor(2)
		writeFile(t, file+".1", whole)
		require.NoError(t, os.Truncate(file, 0))
		appendFile(t, file, spanLines(3, 4))
		waitFor(4)
		end()
		assert.Equal(t, wanted(0, 4), r.got())
		assert.Empty(t, notes.String())
	}
}

// The same holds for a run that starts after the new file was made and before anything is written to it.
func TestFollowsTheOldFileFromTheStart(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	require.NoError(t, os.Rename(file, file+".1"))
	writeFile(t, file, "")
	waitFor, end := follow(t, r, cfg)
	time.Sleep(300 * time.Millisecond)
	appendFile(t, file+".1", spanLines(3, 5))
	waitFor(5)
	appendFile(t, file, spanLines(5, 6))
	waitFor(6)
	end()
	assert.Equal(t, wanted(0, 6), r.got())
	assert.Empty(t, notes.String())
}

// The next file is rotated while the one that was rotated before it is being read.
func TestFindsWhatIsRotatedMeanwhile(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	cfg.Items = 50
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	appendFile(t, file, spanLines(3, 1000))
	require.NoError(t, os.Rename(file, file+".1"))
	setAge(t, file+".1", time.Minute)
	writeFile(t, file, spanLines(1000, 1010))
	n := 0
	cfg.Transport = countTo(1, func() {
		require.NoError(t, os.Rename(file+".1", file+".2"))
		writeFile(t, file+".1", spanLines(1000, 1010))
		require.NoError(t, os.Truncate(file, 0))
		appendFile(t, file, spanLines(1010, 1020))
	}, &n, cfg.Transport)
	run(t, cfg)
	assert.Equal(t, wanted(0, 1020), r.got())
	assert.Empty(t, notes.String())
}

// A run that is stopped while it looks for the rest of a file must not report the rest as gone.
func TestStopIsNoGap(t *testing.T) {
	paths := inFolder(t, "lines", "state")
	file := paths[0]
	cfg, notes := config("http://receiver.test", file)
	cfg.Checkpoint, cfg.Transport = paths[1], answers()
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	require.NoError(t, os.Rename(file, file+".1"))
	writeFile(t, file, spanLines(3, 5))
	in := looking(t, cfg)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p, err := in.look(ctx, cfg.Console)
	require.NoError(t, err)
	assert.Nil(t, p)
	assert.Empty(t, notes.String())
}

// A file that was empty when it was first seen is known, whatever happens to it between two runs.
func TestFindsWhatWasRotatedOfAnEmptyFile(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file+".1", spanLines(100, 105)) // was there before, so it is not read
	writeFile(t, file, "")
	run(t, cfg)
	require.NoError(t, os.Rename(file+".1", file+".3"))
	writeFile(t, file+".2", spanLines(0, 3))
	setAge(t, file+".2", time.Minute)
	writeFile(t, file+".1", spanLines(3, 5))
	writeFile(t, file, spanLines(5, 6))
	again(t, r, cfg, wanted(0, 6))
	again(t, r, cfg, nil)
	assert.Empty(t, notes.String())
}

// If a copy ends before the point that was read of the file, nothing is missing, and files rotated since are found.
func TestFindsWhatWasRotatedAfterAShortCopy(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	copied := spanLines(0, 200)
	writeFile(t, file, copied+spanLines(200, 210))
	run(t, cfg)
	require.Equal(t, wanted(0, 210), r.got())
	writeFile(t, file+".2", copied)
	setAge(t, file+".2", time.Minute)
	writeFile(t, file+".1", spanLines(210, 220))
	writeFile(t, file, spanLines(220, 230))
	again(t, r, cfg, wanted(210, 230))
	again(t, r, cfg, nil)
	assert.Empty(t, notes.String())
}

// A program that still writes to a rotated file makes it newer than the file that was rotated after it.
func TestFindsWhatWasRotatedBeforeWhatIsStillWritten(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file, spanLines(0, 3))
	run(t, cfg)
	require.NoError(t, os.Rename(file, file+".2"))
	writeFile(t, file+".1", spanLines(10, 13))
	setAge(t, file+".1", time.Minute)
	appendFile(t, file+".2", spanLines(3, 5))
	writeFile(t, file, spanLines(20, 23))
	again(t, r, cfg, append(append(wanted(10, 13), wanted(3, 5)...), wanted(20, 23)...))
	assert.Empty(t, notes.String())
}

// Lines that arrive in a renamed file after the new file was read are sent as they arrive.
func TestFollowsWhatIsStillWritten(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file, spanLines(0, 3))
	waitFor, end := follow(t, r, cfg)
	waitFor(3)
	require.NoError(t, os.Rename(file, file+".1"))
	writeFile(t, file, spanLines(3, 4))
	waitFor(4)
	appendFile(t, file+".1", spanLines(4, 5))
	waitFor(5)
	appendFile(t, file, spanLines(5, 6))
	waitFor(6)
	end()
	assert.Equal(t, wanted(0, 6), r.got())
	assert.Empty(t, notes.String())
}

// A file that no longer has any name is read to its end.
func TestFollowsAFileThatIsMovedAway(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file, spanLines(0, 3))
	waitFor, end := follow(t, r, cfg)
	waitFor(3)
	away := inFolder(t, "archived")[0]
	require.NoError(t, os.Rename(file, away))
	appendFile(t, away, spanLines(3, 4))
	waitFor(4)
	writeFile(t, file, spanLines(4, 6))
	waitFor(6)
	end()
	assert.Equal(t, wanted(0, 6), r.got())
	assert.Empty(t, notes.String())
}

// Half a line at the end of a rotated file counts as broken when nobody has finished it for a while.
func TestTellsOfATornLineThatNobodyEnds(t *testing.T) {
	r, file, cfg, _ := rotating(t)
	writeFile(t, file, spanLines(0, 2)+`otlp_logs :: {"resourceSpans":[{`)
	run(t, cfg)
	require.NoError(t, os.Rename(file, file+".1"))
	writeFile(t, file, spanLines(2, 3))
	sum := again(t, r, cfg, wanted(2, 3))
	assert.Zero(t, sum.Broken)
	setAge(t, file+".1", time.Minute)
	sum = again(t, r, cfg, nil)
	assert.Equal(t, 1, sum.Broken)
	assert.Zero(t, again(t, r, cfg, nil).Lines)
}

// A damaged compressed file does not stop the others.
func TestTellsOfARotatedFileThatIsBroken(t *testing.T) {
	r, file, cfg, notes := rotating(t)
	writeFile(t, file, "")
	run(t, cfg)
	writeFile(t, file+".text", spanLines(0, 2000))
	zipFile(t, file+".text", file+".1.gz")
	text, err := os.ReadFile(file + ".1.gz")
	require.NoError(t, err)
	writeFile(t, file+".1.gz", string(text[:len(text)/2]))
	writeFile(t, file, spanLines(2000, 2001))
	defer shipUntil(t, cfg)(false)
	require.Eventually(t, func() bool { return notes.String() != "" && slices.Contains(r.got(), "s2000") }, patience, time.Millisecond)
	appendFile(t, file, spanLines(2001, 2002))
	require.Eventually(t, func() bool { return slices.Contains(r.got(), "s2001") }, patience, time.Millisecond)
	assert.Equal(t, "edgespan: "+file+".1.gz: unexpected EOF\n", notes.String())
}

// Where containers' logs are links, log rotation renames what they lead to.
func TestFindsWhatWasRotatedBehindALink(t *testing.T) {
	r, link, cfg, notes := rotating(t)
	file := filepath.Join(t.TempDir(), "0.log")
	writeFile(t, file, spanLines(0, 2))
	if err := os.Symlink(file, link); err != nil {
		t.Skip(err)
	}
	if _, err := os.Stat(link); err != nil {
		t.Skip(err) // so it is with Wine
	}
	run(t, cfg)
	appendFile(t, file, spanLines(2, 4))
	require.NoError(t, os.Rename(file, file+".20260131-101010"))
	writeFile(t, file, spanLines(4, 5))
	run(t, cfg)
	assert.Equal(t, wanted(0, 5), r.got())
	assert.Empty(t, notes.String())

	cfg.Files = append(cfg.Files, file)
	again(t, r, cfg, nil) // it is one file
}
