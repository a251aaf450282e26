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

// output is shared by a Handler and all Handlers that come from it by WithAttrs and WithGroup. It holds the waiting lines and
// the writer.
type output struct {
	Config
	prefix, suffix string // of a line
	separator      byte   // after each record; the suffix replaces the last one
	service        string // `"service.name":"…",`, which every record in JSON has
	room           int    // bytes for a record that has a line for itself

	mu      sync.Mutex
	holds   bool // AfterResponse was called, so the ends of requests are reported
	waiting map[trace.TraceID]*line
	free    []*line

	writing sync.Mutex // held during a Write; never taken while mu is held, so that a slow writer delays no other logging
	w       io.Writer

	stats    counters
	reported once.Filter
}

// Limits of what is held while requests are served, and of what is kept for use again.
const (
	maxWaiting    = 256              // requests; with one more, all lines are written
	maxAge        = 10 * time.Second // after which a line is written when any request ends
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

// add adds an encoded record to the line of its trace. The record is written at once if nobody would report the end of its
// request: if it has no trace, or if AfterResponse was never called.
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
	l.since = time.Now() // the record's own time may be any time
	l.buf = append(l.buf[:0], o.prefix...)
	return l
}

// finish writes the waiting records of a trace, and those that have waited too long because the end of their request was not
// reported or because they were logged after it.
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

// takeAll moves all waiting lines to ready. The caller holds mu.
func (o *output) takeAll(ready *queue) {
	for id, l := range o.waiting {
		delete(o.waiting, id)
		ready.push(l)
	}
}

// recycle keeps the memory of a line for another.
func (o *output) recycle(l *line) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if cap(l.buf) <= maxKeptBuffer && len(o.free) < maxFree {
		*l = line{buf: l.buf}
		o.free = append(o.free, l)
	}
}
