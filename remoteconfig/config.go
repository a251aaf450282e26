package remoteconfig

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/internal/once"
)

// DefaultKey is the key of the document if [Config] names no other.
const DefaultKey = "edgespan"

// MaxBytes is the greatest length of a document in bytes. The entries of a config store are shorter.
const MaxBytes = 64 << 10

// Config configures a [Remote]. Only Source is required.
type Config struct {
	// Source returns the document at a key, or "" if there is none. Use [ConfigStore], or a function of your own. Source is
	// called by one goroutine at a time, while a request waits. A panic in it counts as an error.
	Source func(key string) (string, error)

	// Key is the key that Source is asked for. The default is [DefaultKey].
	Key string

	// Refresh is how long after reading the document the next request reads it again. The default is one minute. If it is
	// negative, the document is read only once.
	Refresh time.Duration
}

// Remote holds the settings of the document. All methods may be called from any goroutine, and on nil, which changes nothing of
// what is compiled in.
type Remote struct {
	config   Config
	begun    time.Time // due is measured from here
	due      atomic.Int64
	latest   atomic.Pointer[settings]
	reading  sync.Mutex // held while Source is called
	onError  atomic.Pointer[func(error)]
	reported once.Filter
	stats    counters
}

// New returns a [Remote]. It does not read the document yet.
func New(config Config) *Remote {
	if config.Key == "" {
		config.Key = DefaultKey
	}
	if config.Refresh == 0 {
		config.Refresh = time.Minute
	}
	r := &Remote{config: config, begun: time.Now()}
	r.latest.Store(&settings{})
	r.setOnError(fault.StderrReporter())
	return r
}

// setOnError sets the function that errors are reported to.
func (r *Remote) setOnError(onError func(error)) { r.onError.Store(&onError) }

func (r *Remote) report(err error) {
	if err = r.reported.Error(err); err == nil {
		return
	}
	defer func() { _ = recover() }() // a panic in OnError has nowhere to go
	(*r.onError.Load())(err)
}

type counters struct {
	reads, failures atomic.Uint64
	inForce         atomic.Bool
}

// Stats counts what a [Remote] has done since it was made.
type Stats struct {
	Reads    uint64 // calls of Source
	Failures uint64 // calls that failed, or returned a document with an error in it
	InForce  bool   // a document is in force, and overrides what is compiled in
}

// Stats returns the counts so far.
func (r *Remote) Stats() Stats {
	if r == nil {
		return Stats{}
	}
	return Stats{r.stats.reads.Load(), r.stats.failures.Load(), r.stats.inForce.Load()}
}
