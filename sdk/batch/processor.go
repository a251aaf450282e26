package batch

import (
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/once"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Processor is a [trace.Exporter] that holds traces back and sends many at once. [New] makes one. Its methods may be called
// from any goroutine, and on nil.
type Processor struct {
	config Config
	sink   Sink // Config.Sink in a Guard; nil if there is none

	// The user's code is called by one goroutine at a time: Encode by the one that has locked encoding, Send by the one whose
	// token is in sending, and the Store by the keeper.
	encoding sync.Mutex
	sending  chan struct{}

	wakeup      chan struct{} // wakes the goroutine of Background mode
	ended       chan struct{} // closed when Shutdown is done
	shutdownErr error         // the result of Shutdown

	mu                sync.Mutex // guards all fields below; never held while Sink, Store or OnError are called
	items             []*item    // held items, in the order in which they arrived
	spans             int        // spans in items
	bytes             int        // bytes in items
	inFlight          bool       // some of items are being sent
	running           bool       // the goroutine of Background mode is running
	closed            bool       // Shutdown was called
	shutdownDone      bool       // Shutdown has made its last try
	failures          int        // failures in a row
	notUntil          time.Time
	receiverNotBefore time.Time // the end of the pause that the receiver has asked for
	keeper            keeper
	stats             Stats
	pending           []error // errors for the next calls of Export

	sendErrors, lossErrors, storeErrors once.Filter
}

// New returns a [Processor], and loads the lines that its [Store] has. If loading takes longer than half a second, it goes on
// in the background.
func New(config Config) *Processor {
	config.setDefaults()
	p := &Processor{
		config:  config,
		sending: make(chan struct{}, 1),
		wakeup:  make(chan struct{}, 1),
		ended:   make(chan struct{}),
	}
	if config.Sink != nil {
		p.sink = Guard(config.Sink)
		if config.Store != nil {
			p.open(config.Store)
		}
	}
	return p
}

// DetectResource returns the resource attributes that the [Sink] detects, if it is a [trace.ResourceDetector].
func (p *Processor) DetectResource() []trace.Attribute {
	if p == nil {
		return nil
	}
	if d, ok := p.sink.(trace.ResourceDetector); ok {
		return d.DetectResource()
	}
	return nil
}

// maxPending is how many errors wait for the next calls of Export at most. Each error waits only once, so they are few.
const maxPending = 8

// report passes on an error that no caller is waiting for: to OnError, or to the next Export. The caller must not hold mu.
func (p *Processor) report(err error) {
	if err == nil {
		return
	}
	if p.config.OnError == nil {
		p.mu.Lock()
		if len(p.pending) < maxPending {
			p.pending = append(p.pending, err)
		}
		p.mu.Unlock()
		return
	}
	defer func() { _ = recover() }() // a panic in OnError has nowhere to go
	p.config.OnError(err)
}
