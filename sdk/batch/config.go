package batch

import (
	"math"
	"time"
)

// Mode says which goroutine sends when enough spans are held.
type Mode uint8

const (
	// Background is for runtimes with timers and goroutines that run by themselves: native programs and browsers. A goroutine
	// of the processor sends. It starts with the first span that is held and ends with the last. Export does not wait for it.
	Background Mode = iota
	// Inline is for runtimes where no code runs between requests, such as Fastly Compute under ServeMany. Export sends what is
	// held when there are enough spans, or when they are old enough. It returns when that is done, at the latest after
	// Config.Timeout. The middleware exports after the client has its response, so only the next request may find this sandbox
	// busy. While one call of Export sends, others do not wait for it.
	Inline
	// Manual sends only in Flush and Shutdown. It is for runtimes that say when there is time, such as ctx.waitUntil in
	// Cloudflare Workers.
	Manual
)

// Config configures a [Processor]. Only Sink is required.
type Config struct {
	// Sink encodes and sends. Without one, all spans are dropped and counted, and OnError gets an error.
	Sink Sink

	// Mode says which goroutine sends. The default is [Background].
	Mode Mode
	// Spans is how many held spans make the processor send. The default is 100, and it is at most half of MaxSpans. The
	// processor also sends when half of MaxBytes is held.
	Spans int
	// Age is how old the oldest held line gets before the processor sends. The default is 5 seconds. A negative Age never makes
	// it send. In Inline mode, the age is checked when the next trace arrives, and by FlushDue.
	Age time.Duration

	// MaxSpans and MaxBytes limit what is held. The defaults are 2,048 spans and 4 MiB. The parts of a trace that exceed a
	// limit are dropped. Lines in the Store that exceed a limit stay there until there is room.
	//
	// A trace of more than a quarter of MaxSpans is encoded in several parts. MaxBytes must be greater than one line of the
	// Sink. The lines of otlphttp.Exporter are at most as long as its Config.MaxBody.
	MaxSpans int
	MaxBytes int

	// Timeout limits the time of one call of Sink.Send. The default is 10 seconds.
	Timeout time.Duration
	// Attempts is how many failed requests a line may be part of before it is dropped. The default is 10. A negative number
	// means no limit other than MaxSpans and MaxBytes.
	Attempts int
	// Backoff is the wait after the first failure. The default is 1 second. It doubles with each further failure, up to
	// MaxBackoff, which is 30 seconds by default. Up to half of each wait is left out at random. Flush ignores this wait, but
	// not a pause that the receiver asks for.
	Backoff    time.Duration
	MaxBackoff time.Duration

	// Store keeps what is held beyond the process. There is none by default. Shutdown does not close it: if it has a Close
	// method, call that after Shutdown.
	Store Store

	// OnError receives errors that no caller is waiting for, from any goroutine. If it is nil, the next Export returns the
	// error, so that it reaches the provider's OnError. The same error is reported once, until sending works again.
	OnError func(error)
}

func (c *Config) setDefaults() {
	positive(&c.Spans, 100)
	positive(&c.MaxSpans, 2048)
	positive(&c.MaxBytes, 4<<20)
	positive(&c.Timeout, 10*time.Second)
	c.Timeout = min(c.Timeout, math.MaxInt64-grace) // grace is added to it
	positive(&c.Backoff, time.Second)
	positive(&c.MaxBackoff, 30*time.Second)
	if c.Age == 0 {
		c.Age = 5 * time.Second
	}
	if c.Attempts == 0 {
		c.Attempts = 10
	}
	c.Spans = min(c.Spans, max(1, c.MaxSpans/2)) // so that there is room for the next trace
}

// positive replaces a value that is not positive by a default.
func positive[T int | time.Duration](v *T, standard T) {
	if *v <= 0 {
		*v = standard
	}
}
