package workers

import (
	"context"
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// ExporterConfig configures an [Exporter]: where traces go. [FromEnv] makes one of the environment.
type ExporterConfig struct {
	// URL is the collector's, for OTLP over HTTP; empty for none. Where it has no path, it gets the standard's: /v1/traces.
	URL string
	// Headers are sent with each request; a token goes here.
	Headers map[string]string
	// Timeout bounds what sending a trace takes with all tries; 10 s by default. The platform allows 30 s after the response.
	Timeout time.Duration
	// Gzip has the platform compress what is sent.
	Gzip bool
	// Console writes traces by console.log as well, as lines of OTLP/JSON for Workers Logs, Logpush and `wrangler tail`.
	Console bool
	// Version is the Worker's: of a version metadata binding, with which FromEnv fills it.
	Version Version
	// OnError is told what fails after the response, from any goroutine. By default it is a line by console.error, at most
	// one a second from an isolate, with the number of spans lost there.
	OnError func(error)
}

// String keeps headers and URL, in which there may be secrets, out of what prints an ExporterConfig.
func (ExporterConfig) String() string { return "workers.ExporterConfig" }

// GoString keeps them out as well.
func (ExporterConfig) GoString() string { return "workers.ExporterConfig{}" }

// Version is what a version metadata binding says.
type Version struct{ ID, Tag string }

// lineLimit is how long a line on the console may be, in bytes. Logpush cuts at 16,384 characters.
const lineLimit = 16_000

// Exporter is a [trace.Exporter] that sends traces when the response is on its way. Its methods may be called from any goroutine.
type Exporter struct {
	config  ExporterConfig
	otlp    *otlphttp.Exporter // nil where there is no URL
	console *otlphttp.Exporter // for its encoding; nil where there is no console
	frozen  bool               // a clock that has not moved is one that stands still

	mu   sync.Mutex
	lost uint64 // spans that the isolate's count has
}

// NewExporter returns an [Exporter].
func NewExporter(config ExporterConfig) *Exporter {
	e := &Exporter{config: config, frozen: clockStandsStill}
	if config.OnError == nil {
		e.config.OnError = report
	}
	if config.URL != "" {
		c := otlphttp.Config{URL: config.URL, Headers: config.Headers, Timeout: config.Timeout, Transport: transport()}
		if config.Gzip {
			c.Gzip = compress
		}
		e.otlp = otlphttp.New(c)
	}
	if config.Console {
		e.console = otlphttp.New(otlphttp.Config{MaxBody: lineLimit})
	}
	return e
}

// DetectResource says what is known of the platform.
func (e *Exporter) DetectResource() []trace.Attribute {
	attrs := []trace.Attribute{
		trace.String("cloud.provider", "cloudflare"),
		trace.String("cloud.platform", "cloudflare.workers"),
	}
	if v := e.config.Version; v.ID != "" {
		attrs = append(attrs, trace.String("faas.version", v.ID), trace.String("service.version", v.ID))
		if v.Tag != "" {
			attrs = append(attrs, trace.String("service.version", v.Tag))
		}
	}
	return attrs
}

// Export keeps a copy of b, and returns. What becomes of the copy is told to [ExporterConfig.OnError], and counted.
func (e *Exporter) Export(_ context.Context, b *trace.Batch) error {
	kept := b.Clone()
	if e.frozen {
		markFrozen(kept)
	}
	later(func() { e.send(kept) })
	return nil
}

func (e *Exporter) send(b *trace.Batch) {
	defer func() {
		if v := recover(); v != nil {
			e.report(&sendPanic{v})
		}
	}()
	if e.console != nil {
		before := e.console.Stats().DroppedSpans
		e.console.Encode(b, func(line []byte, _ int) { consoleLog(line) })
		if e.console.Stats().DroppedSpans > before {
			e.report(errLine)
		}
	}
	if e.otlp == nil {
		return
	}
	err := e.otlp.Export(context.Background(), b)
	e.countLost()
	if err != nil {
		e.report(err)
	}
}

// report tells OnError, which is code from outside: a panic in it would end the program with all its requests.
func (e *Exporter) report(err error) {
	defer func() { _ = recover() }() // a report that fails has nowhere to go
	e.config.OnError(err)
}

// countLost adds to the isolate's count what was lost since the last time. Other exports may be under way, whose loss is in Stats
// too, and must not count twice.
func (e *Exporter) countLost() {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.otlp.Stats()
	lost := s.DroppedSpans + s.RejectedSpans
	addLost(int(lost - e.lost))
	e.lost = lost
}

// Stats counts what this program has sent to the collector and lost.
func (e *Exporter) Stats() otlphttp.Stats { return e.otlp.Stats() }

// clockFrozen marks a span during which the clock did not move: it took no time by Workers' clock, and some by any other.
const clockFrozen = "edgespan.clock_frozen"

func markFrozen(b *trace.Batch) {
	for i := range b.Spans {
		if d := &b.Spans[i]; d.End == d.Start {
			d.Attributes = append(d.Attributes, trace.Bool(clockFrozen, true))
		}
	}
}

type sendPanic struct{ value any }

func (e *sendPanic) Error() string { return "workers: panic in export: " + fault.Message(e.value) }

type constError string

func (e constError) Error() string { return string(e) }

const errLine = constError("workers: a span is longer than a line on the console may be, and was left out there")
