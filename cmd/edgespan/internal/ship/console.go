package ship

import (
	"fmt"
	"io"
	"sync"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
)

// Console prints messages for people: notices, and on a terminal a line of progress below them.
type Console struct {
	W        io.Writer
	Terminal bool // W is a terminal
	Width    int  // of the terminal

	mu   sync.Mutex
	line string // the line of progress that is shown
}

const eraseLine = "\r\x1b[K"

// Note prints a notice.
func (c *Console) Note(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.erase()
	fmt.Fprintf(c.W, "edgespan: %s\n", safetext.Clean(text))
	c.draw()
}

// Print calls print while the line of progress is hidden.
func (c *Console) Print(print func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.erase()
	print()
	c.draw()
}

// show replaces the line of progress.
func (c *Console) show(line string) {
	if !c.Terminal {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.erase()
	if r := []rune(line); len(r) >= c.Width && c.Width > 4 {
		line = string(r[:c.Width-4]) + "..."
	}
	c.line = line
	c.draw()
}

func (c *Console) erase() {
	if c.line != "" {
		fmt.Fprint(c.W, eraseLine)
	}
}

func (c *Console) draw() {
	if c.line != "" {
		fmt.Fprint(c.W, c.line)
	}
}
