package wasi

import (
	"time"

	"github.com/edgespan/edgespan/sdk/batch"
)

// Config configures a [File]. With the zero value a File appends, but cannot flush.
type Config struct {
	// Sink sends the lines when Flush is called. Use an otlphttp.Exporter with a transport for your runtime.
	Sink batch.Sink

	// MaxFileSize is the size in bytes from which a file is closed and becomes a part. It is also about the most memory that
	// Flush needs. The default is 1 MiB.
	MaxFileSize int64

	// MaxParts is the maximum number of parts that wait to be sent. The default is 64. If there are that many and the file is
	// full, new spans are dropped and counted; the older ones stay.
	MaxParts int

	// Lease is the time after which a Flush that has claimed a part is presumed dead, so that another Flush may claim the part.
	// It must be longer than the Sink's timeout. The default is one minute.
	Lease time.Duration

	// Sync calls fsync after each line, before Export returns. Without it, a line that the operating system has not written yet
	// is lost if the machine crashes.
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
