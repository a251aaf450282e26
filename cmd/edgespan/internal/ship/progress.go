package ship

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress shows on a terminal how far the run is. Its methods may be called concurrently.
type progress struct {
	console *Console
	inputs  []*input
	total   int64 // bytes of all files, or 0 if an input has no end
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
	p.inputs = all
	for _, in := range all {
		if !cfg.Follow {
			p.total += in.total
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

// settled counts a batch that is settled.
func (p *progress) settled(b *batch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines += b.counts.Lines
	p.items += b.items()
	p.waiting = ""
}

// waits shows why nothing happens.
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
	for _, in := range p.inputs {
		read += in.read()
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

// read returns how many bytes of the input's files have been read. It may be called while they are read.
func (in *input) read() int64 {
	n := in.past.Load()
	if f := in.reading.Load(); f != nil {
		if at, err := f.Seek(0, io.SeekCurrent); err == nil {
			n += at
		}
	}
	return n
}
