package ship

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A file is written to and rotated all the time, in all ways of log rotation, while ship is killed and started. Each line must
// arrive at least once, and the lines of a file in order. EDGESPAN_STRESS=10m makes the test long. EDGESPAN_STRESS_SEED repeats a
// failure with the seed that it printed: the seed determines what is written and rotated, but not when ship looks at it.
func TestNoLineIsLostWhateverRotates(t *testing.T) {
	long, err := time.ParseDuration(cmp.Or(os.Getenv("EDGESPAN_STRESS"), "0s"))
	require.NoError(t, err)
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("EDGESPAN_STRESS_SEED"), fmt.Sprint(rand.Uint64())), 10, 64)
	require.NoError(t, err)
	for _, style := range styles {
		t.Run(style.name, func(t *testing.T) {
			t.Parallel()
			for end, seed := time.Now().Add(long), seed; ; seed++ {
				rotateAndKill(t, style.rotate, seed)
				if t.Failed() || time.Now().After(end) {
					return
				}
			}
		})
	}
}

// rotateAndKill runs one round.
func rotateAndKill(t *testing.T, rotate func(l *logged), seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	r, file, cfg, said := rotating(t)
	cfg.Items, cfg.Flush = 1+random.IntN(20), 5*time.Millisecond
	l := &logged{t: t, random: random, file: file, mayBeLost: map[string]bool{}}
	writeFile(t, file, "")
	if random.IntN(2) == 0 {
		l.write()
	}
	for range 3 {
		stop := shipUntil(t, cfg)
		require.Eventually(t, func() bool { _, known := stateOf(cfg.Checkpoint)[file]; return known }, patience, 20*time.Millisecond) // Windows replaces no file that is being read
		for range random.IntN(4) {
			for range random.IntN(30) {
				l.write()
				l.pause(2)
			}
			l.pause(400)
			rotate(l)
		}
		l.pause(300)
		stop(random.IntN(2) == 0)
	}
	run(t, cfg)
	l.check(r.got(), fmt.Sprintf("seed %d\n%s", seed, said.String()))
}

// shipUntil follows the file until stop is called, which lets it end, or kills it in the middle of its work.
func shipUntil(t *testing.T, cfg Config) (stop func(kill bool)) {
	ctx, cancel := context.WithCancel(context.Background())
	stopped, done := make(chan struct{}), make(chan struct{})
	cfg.Follow, cfg.Stop = true, stopped
	go func() {
		defer close(done)
		_, _ = Run(ctx, cfg)
	}()
	return func(kill bool) {
		if !kill {
			close(stopped)
			<-done
		}
		cancel()
		<-done
	}
}

// logged is a log file that is rotated.
type logged struct {
	t          *testing.T
	random     *rand.Rand
	file       string
	generation int // of the file
	lines      int // in the file
	written    []string
	mayBeLost  map[string]bool
	rotations  int
}

func (l *logged) pause(most int) {
	if l.random.IntN(3) == 0 {
		time.Sleep(time.Duration(l.random.IntN(most)) * time.Millisecond)
	}
}

func (l *logged) write() string {
	name := fmt.Sprintf("%d-%d", l.generation, l.lines)
	l.lines++
	l.written = append(l.written, name)
	appendFile(l.t, l.file, spanLine(name)+"\n")
	return name
}

func (l *logged) next() { l.generation, l.lines = l.generation+1, 0 }

// shift renames FILE.1 to FILE.2, and so on, the oldest first.
func (l *logged) shift() {
	found, err := filepath.Glob(l.file + ".[0-9]*")
	require.NoError(l.t, err)
	number := func(path string) int {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(path, l.file+"."), ".gz"), ".zst"))
		require.NoError(l.t, err)
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(number(b), number(a)) })
	for _, path := range found {
		n := number(path)
		suffix := strings.TrimPrefix(path, fmt.Sprint(l.file, ".", n))
		require.NoError(l.t, os.Rename(path, fmt.Sprint(l.file, ".", n+1, suffix)))
	}
}

func (l *logged) dated() string {
	l.rotations++
	return fmt.Sprintf("%s-20260131-%06d", l.file, l.rotations)
}

// compress does what gzip does: the new file exists before the old one is removed, and has the same time.
func (l *logged) compress(path, suffix string) {
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	text, err := os.ReadFile(path)
	require.NoError(l.t, err)
	writeFile(l.t, path+suffix, "")
	l.pause(3)
	writeFile(l.t, path+".copy", string(text))
	zipFile(l.t, path+".copy", path+suffix)
	require.NoError(l.t, os.Chtimes(path+suffix, info.ModTime(), info.ModTime()))
	l.pause(3)
	require.NoError(l.t, os.Remove(path))
}

func (l *logged) rename(to string) {
	require.NoError(l.t, os.Rename(l.file, to))
	l.pause(3)
}

func (l *logged) create() {
	writeFile(l.t, l.file, "")
	l.pause(200)
	l.next()
}

func (l *logged) copyTo(to string) {
	text, err := os.ReadFile(l.file)
	require.NoError(l.t, err)
	writeFile(l.t, to, string(text[:len(text)/2]))
	l.pause(3)
	writeFile(l.t, to, string(text))
	for range l.random.IntN(4) { // copytruncate loses these, unless they are read before
		l.mayBeLost[l.write()] = true
		l.pause(200)
	}
}

func (l *logged) truncate() {
	require.NoError(l.t, os.Truncate(l.file, 0))
	l.next()
}

var styles = []struct {
	name   string
	rotate func(l *logged)
}{
	{"create", func(l *logged) { l.shift(); l.rename(l.file + ".1"); l.create() }},
	{"no create", func(l *logged) { l.shift(); l.rename(l.file + ".1"); l.next(); l.write() }},
	{"the program that writes is told late", func(l *logged) {
		l.shift()
		l.rename(l.file + ".1")
		writeFile(l.t, l.file, "")
		was := l.file
		l.file += ".1"
		for range l.random.IntN(5) {
			l.write()
			l.pause(300)
		}
		l.file = was
		l.next()
	}},
	{"create, dates", func(l *logged) { l.rename(l.dated()); l.create() }},
	{"create, gzip", func(l *logged) { l.shift(); l.rename(l.file + ".1"); l.create(); l.compress(l.file+".1", ".gz") }},
	{"create, zstd, dates", func(l *logged) { to := l.dated(); l.rename(to); l.create(); l.compress(to, ".zst") }},
	{"create, gzip the time after", func(l *logged) {
		l.compress(l.file+".1", ".gz")
		l.shift()
		l.rename(l.file + ".1")
		l.create()
	}},
	{"copytruncate", func(l *logged) { l.shift(); l.copyTo(l.file + ".1"); l.truncate() }},
	{"copytruncate, dates", func(l *logged) { l.copyTo(l.dated()); l.truncate() }},
	{"copytruncate, gzip", func(l *logged) {
		l.shift()
		l.copyTo(l.file + ".1")
		l.truncate()
		l.compress(l.file+".1", ".gz")
	}},
}

// check reports lines that have not arrived, and lines that arrived before an earlier one.
func (l *logged) check(got []string, about string) {
	first := map[string]int{}
	for i, name := range got {
		if _, ok := first[name]; !ok {
			first[name] = i
		}
	}
	var lost []string
	before := map[string]int{} // by generation
	for _, name := range l.written {
		at, ok := first[name]
		if !ok && !l.mayBeLost[name] {
			lost = append(lost, name)
		}
		if !ok {
			continue
		}
		generation, _, _ := strings.Cut(name, "-")
		require.GreaterOrEqual(l.t, at, before[generation], "%s came too early\n%s", name, about)
		before[generation] = at
	}
	require.Empty(l.t, lost, "of %d lines; %s", len(l.written), about)
	if len(l.mayBeLost) == 0 { // a copy may end before the point that was read
		require.NotContains(l.t, about, sinceRead)
	}
	l.t.Logf("%d lines, %d arrived", len(l.written), len(got))
}
