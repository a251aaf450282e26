package remoteconfig

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/internal/once"
)

// DefaultKey is where the document is, if [Config] names no other key.
const DefaultKey = "edgespan"

// MaxBytes is the longest document in bytes. A config store's entries are shorter.
const MaxBytes = 64 << 10

// Config configures a [Remote]. Only Source has to be there.
type Config struct {
	// Source returns the document that is at a key, and "" where there is none: ConfigStore, or a function of your own. It
	// is called by one goroutine at a time, while a request waits. A panic in it is an error.
	Source func(key string) (string, error)

	// Key is what Source is asked for; DefaultKey by default.
	Key string

	// Refresh is how old a document gets before the next request has it read again; a minute by default, negative for
	// never.
	Refresh time.Duration
}

// Remote is settings that a document may change. nil leaves all as it is compiled in.
type Remote struct {
	config  Config
	begun   time.Time // what due counts from
	due     atomic.Int64
	latest  atomic.Pointer[settings]
	reading sync.Mutex // held while Source is called
	onError atomic.Pointer[func(error)]
	told    once.Filter
	stats   counters
}

// New returns a [Remote]. It reads nothing yet.
func New(config Config) *Remote {
	if config.Key == "" {
		config.Key = DefaultKey
	}
	if config.Refresh == 0 {
		config.Refresh = time.Minute
	}
	r := &Remote{config: config, begun: time.Now()}
	r.latest.Store(&settings{})
	r.tell(fault.StderrReporter())
	return r
}

// tell says who is told what is wrong.
func (r *Remote) tell(onError func(error)) { r.onError.Store(&onError) }

func (r *Remote) report(err error) {
	if err = r.told.Error(err); err == nil {
		return
	}
	defer func() { _ = recover() }() // a report that fails has nowhere to go
	(*r.onError.Load())(err)
}

type counters struct {
	reads, failures atomic.Uint64
	inForce         atomic.Bool
}

// Stats counts what a [Remote] has done.
type Stats struct {
	Reads    uint64 // calls of Source
	Failures uint64 // those that failed, or returned a document in which something is wrong
	InForce  bool   // a document holds: not, or not alone, what is compiled in
}

// Stats returns the counts so far.
func (r *Remote) Stats() Stats {
	if r == nil {
		return Stats{}
	}
	return Stats{r.stats.reads.Load(), r.stats.failures.Load(), r.stats.inForce.Load()}
}
