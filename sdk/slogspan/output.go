package slogspan

import (
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/once"
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// output is what a Handler shares with all that WithAttrs and WithGroup make of it: the lines that wait, and the way out.
type output struct {
	Config
	prefix, suffix string // of a line
	separator      byte   // after each record; the suffix takes the last one's place
	service        string // `"service.name":"…",`, a part of every record in JSON
	room           int    // for a record that has a line for itself

	mu      sync.Mutex
	holds   bool // somebody tells the end of requests
	waiting map[trace.TraceID]*line
	free    []*line

	writing sync.Mutex // around a Write; never taken while mu is held, so that nobody logs slower for a slow writer
	w       io.Writer

	stats counters
	told  once.Filter
}

// What is held while requests are under way, and for use again after that.
const (
	maxWaiting    = 256              // requests; one more, and all lines leave
	maxAge        = 10 * time.Second // after which a line leaves with the next request's
	maxFree       = 16               // lines
	maxKeptBuffer = 64 << 10
)

const noLimit = int(^uint(0) >> 2)

func newOutput(w io.Writer, c Config) *output {
	if c.Provider == nil {
		c.Provider = trace.NewTracerProvider(trace.Config{})
	}
	if c.Level == nil {
		c.Level = slog.LevelInfo
	}
	if c.OnError == nil {
		c.OnError = c.Provider.ReportError
	}
	switch {
	case c.LineLimit == 0:
		c.LineLimit = DefaultLineLimit
	case c.LineLimit < 0:
		c.LineLimit = noLimit
	}
	o := &output{Config: c, w: w, waiting: map[trace.TraceID]*line{}}
	switch c.Format {
	case JSON:
		o.separator = '\n'
	case JSONArray:
		o.prefix, o.separator, o.suffix = `[`, ',', `]`
	default:
		o.Format = OTLP
		o.prefix = `{"resourceLogs":[{"resource":` + string(otlp.AppendResource(nil, c.Provider.Resource())) +
			`,"scopeLogs":[{"scope":{"name":"` + trace.ScopeName + `","version":"` + trace.Version + `"},"logRecords":[`
		o.separator, o.suffix = ',', `]}]}]}`
	}
	if name, ok := c.Provider.Resource().Attribute("service.name"); ok {
		o.service = `"service.name":` + string(json.AppendString(nil, name.Str())) + `,`
	}
	o.room = c.LineLimit - len(o.prefix) - len(o.suffix)
	return o
}

func (o *output) hold() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.holds = true
}

// add takes an encoded record. It is written at once where nobody would tell when its request ends: it has no trace, or
// AfterResponse has not been asked for.
func (o *output) add(record []byte, id trace.TraceID, r *slog.Record) error {
	now := !id.IsValid() || o.FlushLevel != nil && r.Level >= o.FlushLevel.Level()
	var ready queue
	o.mu.Lock()
	l, waits := o.waiting[id], true
	if l != nil && len(l.buf)+len(record)+len(o.suffix) > o.LineLimit {
		ready.push(l)
		l = nil
	}
	if l == nil {
		l, waits = o.newLine(), false
	}
	l.buf = append(append(l.buf, record...), o.separator)
	l.records++
	switch {
	case now || !o.holds || l.records == o.MaxRecords:
		delete(o.waiting, id)
		ready.push(l)
	case !waits:
		if len(o.waiting) >= maxWaiting && ready.first == nil {
			o.takeAll(&ready)
		}
		o.waiting[id] = l
	}
	o.mu.Unlock()
	return o.write(ready)
}

// newLine returns a line without records. The caller holds mu.
func (o *output) newLine() *line {
	var l *line
	if n := len(o.free); n > 0 {
		l, o.free = o.free[n-1], o.free[:n-1]
	} else {
		l = new(line)
	}
	l.since = time.Now() // the record's own time may be any
	l.buf = append(l.buf[:0], o.prefix...)
	return l
}

// finish writes what waits of a trace, and what has been waiting for too long: the records of requests whose end nobody told,
// or that were logged after it.
func (o *output) finish(id trace.TraceID) error {
	var ready queue
	o.mu.Lock()
	if l := o.waiting[id]; l != nil {
		delete(o.waiting, id)
		ready.push(l)
	}
	if len(o.waiting) > 0 {
		now := time.Now()
		for id, l := range o.waiting {
			if now.Sub(l.since) > maxAge {
				delete(o.waiting, id)
				ready.push(l)
			}
		}
	}
	o.mu.Unlock()
	return o.write(ready)
}

func (o *output) flush() error {
	var ready queue
	o.mu.Lock()
	o.takeAll(&ready)
	o.mu.Unlock()
	return o.write(ready)
}

// takeAll makes everything that waits ready. The caller holds mu.
func (o *output) takeAll(ready *queue) {
	for id, l := range o.waiting {
		delete(o.waiting, id)
		ready.push(l)
	}
}

// recycle takes back the storage of a line.
func (o *output) recycle(l *line) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if cap(l.buf) <= maxKeptBuffer && len(o.free) < maxFree {
		*l = line{buf: l.buf}
		o.free = append(o.free, l)
	}
}
