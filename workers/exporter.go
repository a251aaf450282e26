package workers

import (
	"context"
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/trace"
)

// ExporterConfig configures an [Exporter]. [FromEnv] fills one from the environment. An exporter with neither a URL nor Console
// exports nothing.
type ExporterConfig struct {
	// URL is the URL of the collector, for OTLP over HTTP in JSON, https://opentelemetry.io/docs/specs/otlp/#otlphttp. If it
	// has no path, /v1/traces is added. If it is empty, nothing is sent.
	URL string
	// Headers are added to each export request, for example an authorization token.
	Headers map[string]string
	// Timeout bounds the time to send one trace, including all retries. The default is 10 s. Cloudflare cancels the export 30 s
	// after the response.
	Timeout time.Duration
	// Gzip compresses the exported body. In Workers the platform does this, so no compressor is linked.
	Gzip bool
	// Console also writes each trace to the console, as lines of OTLP/JSON of at most 16,000 bytes. They appear in Workers
	// Logs, Logpush and `wrangler tail`.
	Console bool
	// Version is the Worker's version. FromEnv fills it from the version metadata binding.
	Version Version
	// OnError is called with each failure of an export. Calls may come from any goroutine, after the response. By default a
	// failure is a line on console.error, at most one a second per isolate, with the number of spans that the isolate has lost.
	OnError func(error)
}

// String returns a constant text, so that printing an ExporterConfig does not show the secrets that Headers and URL may
// contain.
func (ExporterConfig) String() string { return "workers.ExporterConfig" }

// GoString returns a constant text, as String does.
func (ExporterConfig) GoString() string { return "workers.ExporterConfig{}" }

// Version is the content of a version metadata binding,
// https://developers.cloudflare.com/workers/runtime-apis/bindings/version-metadata/. ID becomes faas.version; Tag becomes
// service.version, or ID if Tag is empty.
type Version struct{ ID, Tag string }

// lineLimit is the maximum length of a line on the console, in bytes. Logpush truncates lines after 16,384 characters.
const lineLimit = 16_000

// Exporter is a [trace.Exporter] that sends traces after the response is on its way. Its methods may be called from any
// goroutine.
type Exporter struct {
	config  ExporterConfig
	otlp    *otlphttp.Exporter // nil if there is no URL
	console *otlphttp.Exporter // used for its encoding only; nil if Config.Console is not set
	frozen  bool               // mark spans during which the clock did not move

	mu         sync.Mutex
	lost       uint64 // spans already added to the isolate's count
	turnedAway uint64 // spans that were not sent, because too many programs wait
}

// NewExporter returns an [Exporter]. It opens no connection.
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

// DetectResource returns the resource attributes of the platform, among them cloud.provider, cloud.platform and the version.
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

// Export copies b, schedules the copy to be sent, and returns nil at once. Later failures go to [ExporterConfig.OnError] and
// are counted.
func (e *Exporter) Export(_ context.Context, b *trace.Batch) error {
	kept := b.Clone()
	if e.frozen {
		markFrozen(kept)
	}
	if err := later(func() { e.send(kept) }); err != nil {
		e.report(err)
	}
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
	end := beginExport()
	if end == nil {
		e.mu.Lock()
		e.turnedAway += uint64(len(b.Spans))
		e.mu.Unlock()
		e.countLost()
		e.report(errSlow)
		return
	}
	defer end()
	err := e.otlp.Export(context.Background(), b)
	e.countLost()
	if err != nil {
		e.report(err)
	}
}

// report calls OnError. It recovers a panic there, which would end the program and all its requests.
func (e *Exporter) report(err error) {
	defer func() { _ = recover() }() // nobody is left to report this to
	e.config.OnError(err)
}

// countLost adds the spans that were lost since the last call to the isolate's count. Exports may run at the same time, and
// Stats covers all of them; a lost span must count only once.
func (e *Exporter) countLost() {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stats()
	lost := s.DroppedSpans + s.RejectedSpans
	addLost(int(lost - e.lost))
	e.lost = lost
}

// Stats returns how many spans this program has sent to the collector and how many it has lost.
func (e *Exporter) Stats() otlphttp.Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stats()
}

// stats is Stats while e.mu is held.
func (e *Exporter) stats() otlphttp.Stats {
	s := e.otlp.Stats()
	s.DroppedSpans += e.turnedAway
	return s
}

// clockFrozen is the attribute of a span during which the clock did not move: its duration is 0, but it did take some time.
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

const errLine = constError("workers: a span was not written to the console: it is longer than a line there may be, 16,000 bytes")
