package wasi

import (
	"time"

	"github.com/edgespan/edgespan/sdk/batch"
)

// What Config's zero values mean.
const (
	DefaultMaxFileSize = 1 << 20
	DefaultMaxParts    = 64
	DefaultLease       = time.Minute
)

// Config configures a File. The zero value appends, and can't flush.
type Config struct {
	// Sink is where Flush sends to: an otlphttp.Exporter with the transport that the runtime has.
	Sink batch.Sink

	// MaxFileSize is the size in bytes above which a file becomes a part, and so about the most that Flush holds in
	// memory; DefaultMaxFileSize by default.
	MaxFileSize int64

	// MaxParts is how many parts may wait; DefaultMaxParts by default. With all of them there and the file full, new spans
	// are dropped and counted: what is on the disk has come first.
	MaxParts int

	// Lease is how long a Flush may take for a part before another one may take it for dead; DefaultLease by default. It has
	// to be longer than the Sink's timeout.
	Lease time.Duration

	// Sync has each line on the disk before Export returns, not only in the operating system's hands.
	Sync bool
}

func (c *Config) setDefaults() {
	if c.MaxFileSize <= 0 {
		c.MaxFileSize = DefaultMaxFileSize
	}
	if c.MaxParts <= 0 {
		c.MaxParts = DefaultMaxParts
	}
	if c.Lease <= 0 {
		c.Lease = DefaultLease
	}
}
