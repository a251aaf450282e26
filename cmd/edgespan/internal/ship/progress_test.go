package ship

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProgressLine(t *testing.T) {
	file := inFolder(t, "lines")[0]
	writeFile(t, file, spanLines(0, 100))
	f, err := os.Open(file)
	require.NoError(t, err)
	info, err := f.Stat()
	require.NoError(t, err)
	size := info.Size()
	_, err = f.Seek(size/4+1, 0)
	require.NoError(t, err)
	cfg, _ := config("http://receiver.test", file)
	cfg.Console.Terminal = true
	in := &input{total: size}
	in.reading.Store(f)
	p := newProgress(&cfg, []*input{in})
	defer p.end()
	p.settled(&batch{counts: Counts{Lines: 1234}, totals: [2]int{5000, 6}})
	assert.Equal(t, " 25% of "+Size(size)+"  1,234 lines, 5,006 spans and log records  30s left", p.line(p.began.Add(10*time.Second)))
	p.waits("503")
	assert.Equal(t, " 25% of "+Size(size)+`  1,234 lines, 5,006 spans and log records  503`, p.line(p.began))
	in.reading.Store(nil)
	in.past.Add(size)
	require.NoError(t, f.Close())
	assert.Contains(t, p.line(p.began), "100% of ")
}

// A notice is printed above the line of progress, which is cut to the terminal's width.
func TestConsole(t *testing.T) {
	n := &notes{}
	c := &Console{W: n, Terminal: true, Width: 20}
	c.show("a line that is much too long")
	c.Note("what\x07")
	c.show("")
	assert.Equal(t, "a line that is m..."+eraseLine+"edgespan: what\\x07\na line that is m..."+eraseLine, n.String())

	n = &notes{}
	c = &Console{W: n}
	c.show("a line")
	c.Note("what")
	assert.Equal(t, "edgespan: what\n", n.String(), "where there is no terminal there is no progress")
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		assert.Equal(t, want, Number(n))
	}
	for n, want := range map[int64]string{12: "12 B", 1200: "1.2 kB", 999_960: "1.0 MB", 5_000_000_000: "5.00 GB"} {
		assert.Equal(t, want, Size(n))
	}
}
