package batch

import (
	"math"
	"time"
)

// Mode says who sends when enough is held.
type Mode uint8

const (
	// Background is for runtimes with timers and goroutines that run by themselves: native programs and browsers. A
	// goroutine sends; it begins with the first span that is held and ends with the last. Export never waits.
	Background Mode = iota
	// Inline is for runtimes where nothing runs between requests: Fastly Compute under ServeMany. Export sends what is held
	// when there are enough spans, or when it finds that they are old, and returns when that is done, at the latest after
	// Config.Timeout. The middleware exports when the client has its response, so it is the next request that may find
	// this sandbox busy. While one Export sends, others do not wait for it.
	Inline
	// Manual sends with Flush and Shutdown alone: for runtimes that say when there is time, such as ctx.waitUntil in
	// Cloudflare Workers.
	Manual
)

// Config configures a [Processor]. Only Sink has to be there.
type Config struct {
	// Sink encodes and sends. Without one all spans are dropped, and counted, and OnError is told.
	Sink Sink

	// Mode says who sends: a goroutine by default.
	Mode Mode
	// Spans is how many spans held make it send; 100 by default, and half of MaxSpans at most. Fewer do when they fill half of MaxBytes.
	Spans int
	// Age is how old the oldest gets before it is sent by itself; 5 s by default. A negative one never makes it send. Inline looks
	// at it when the next trace comes, and in FlushDue.
	Age time.Duration

	// MaxSpans and MaxBytes bound what is held. What of a trace would go beyond is dropped; what the Store has beyond stays there
	// until there is room. 2,048 spans and 4 MiB by default. A trace of more than a quarter of MaxSpans is encoded in several parts.
	// MaxBytes has to be more than one line of the Sink's: those of otlphttp.Exporter are as long as its Config.MaxBody at most.
	MaxSpans int
	MaxBytes int

	// Timeout bounds one call of Sink.Send; 10 s by default.
	Timeout time.Duration
	// Attempts is how many failures of requests that it was in drop a span; 10 by default, negative for no limit but those above.
	Attempts int
	// Backoff is the wait after the first failure; 1 s by default. It doubles with each further one up to MaxBackoff, 30 s by
	// default, and half of it is random. Flush does not wait for it; it does for the time that a receiver names.
	Backoff    time.Duration
	MaxBackoff time.Duration

	// Store lets what is held survive; none by default. It stays open after Shutdown: whoever has opened one that has a Close
	// method closes it then.
	Store Store

	// OnError is told what fails while nobody waits for an answer, from any goroutine. Without it the next Export returns
	// the error, so that it comes to the provider's OnError. The same error is told once, until sending works again.
	OnError func(error)
}

func (c *Config) setDefaults() {
	positive(&c.Spans, 100)
	positive(&c.MaxSpans, 2048)
	positive(&c.MaxBytes, 4<<20)
	positive(&c.Timeout, 10*time.Second)
	c.Timeout = min(c.Timeout, math.MaxInt64-grace) // which is added to it
	positive(&c.Backoff, time.Second)
	positive(&c.MaxBackoff, 30*time.Second)
	if c.Age == 0 {
		c.Age = 5 * time.Second
	}
	if c.Attempts == 0 {
		c.Attempts = 10
	}
	c.Spans = min(c.Spans, max(1, c.MaxSpans/2)) // so that the next trace has room
}

// positive replaces what makes no sense by a default.
func positive[T int | time.Duration](v *T, standard T) {
	if *v <= 0 {
		*v = standard
	}
}
