package wasi

import (
	"time"

	"github.com/edgespan/edgespan/sdk/batch"
)

// Config configures a [File]. The zero value appends, and can't flush.
type Config struct {
	// Sink is where Flush sends to: an otlphttp.Exporter with the transport that the runtime has.
	Sink batch.Sink

	// MaxFileSize is the size in bytes above which a file becomes a part, and so about the most that Flush holds in
	// memory; 1 MiB by default.
	MaxFileSize int64

	// MaxParts is how many parts may wait; 64 by default. With all of them there and the file full, new spans
	// are dropped and counted: what is on the disk has come first.
	MaxParts int

	// Lease is how long a Flush may take for a part before another one may take it for dead; a minute by default. It has
	// to be longer than the Sink's timeout.
	Lease time.Duration

	// Sync has each line on the disk before Export returns, not only in the operating system's hands.
	Sync bool
}

func (c *Config) setDefaults() {
	if c.MaxFileSize <= 0 {
		c.MaxFileSize = 1 << 20
	}
	if c.MaxParts <= 0 {
		c.MaxParts = 64
	}
	if c.Lease <= 0 {
		c.Lease = time.Minute
	}
}
