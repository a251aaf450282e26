package ship

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress tells a terminal how far it is. Its methods may be called concurrently.
type progress struct {
	console *Console
	files   []*os.File
	sizes   []int64
	total   int64 // bytes of the files, 0 where they have no end
	began   time.Time
	stop    chan struct{}
	done    sync.WaitGroup

	mu      sync.Mutex
	lines   int
	items   int
	waiting string
}

const redraw = 250 * time.Millisecond

func newProgress(cfg *Config, all []*input) *progress {
	p := &progress{console: cfg.Console, began: time.Now(), stop: make(chan struct{})}
	if !cfg.Console.Terminal {
		return p
	}
	for _, in := range all {
		for _, piece := range in.pieces {
			if piece.file == nil {
				continue
			}
			size := int64(0)
			if info, err := piece.file.Stat(); err == nil && info.Mode().IsRegular() && !cfg.Follow {
				size = info.Size()
			}
			p.files, p.sizes = append(p.files, piece.file), append(p.sizes, size)
			p.total += size
		}
	}
	p.done.Go(func() {
		tick := time.NewTicker(redraw)
		defer tick.Stop()
		for {
			select {
			case now := <-tick.C:
				p.console.show(p.line(now))
			case <-p.stop:
				p.console.show("")
				return
			}
		}
	})
	return p
}

// settled tells of a batch that is.
func (p *progress) settled(b *batch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines += b.counts.Lines
	p.items += b.items()
	p.waiting = ""
}

// waits tells why nothing happens.
func (p *progress) waits(why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = why
}

func (p *progress) end() {
	close(p.stop)
	p.done.Wait()
}

func (p *progress) line(now time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var read int64
	for i, f := range p.files {
		at, err := f.Seek(0, io.SeekCurrent)
		if err != nil { // it is closed, so it was read to its end
			at = p.sizes[i]
		}
		read += at
	}
	text := fmt.Sprintf("%s lines, %s spans and log records", Number(p.lines), Number(p.items))
	if p.total > 0 {
		text = fmt.Sprintf("%3d%% of %s  ", min(100, 100*read/p.total), Size(p.total)) + text
		if took := now.Sub(p.began); read > 0 && read < p.total && took > 2*time.Second {
			text += "  " + time.Duration(float64(took)*float64(p.total-read)/float64(read)).Round(time.Second).String() + " left"
		}
	}
	if p.waiting != "" {
		text += "  " + p.waiting
	}
	return text
}
