package batch

import (
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/once"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Processor is a [trace.Exporter] that holds traces back and sends them together.
type Processor struct {
	config Config
	sink   Sink // Config.Sink, guarded; nil for none

	// Each of the others' code is called by one goroutine at a time: Encode by who has encoding, Send by whose token is in
	// sending, the Store by the keeper.
	encoding sync.Mutex
	sending  chan struct{}

	kick        chan struct{} // wakes the goroutine of Background
	ended       chan struct{} // closed when Shutdown is over
	shutdownErr error         // what it returned

	mu                sync.Mutex // of all below; never held while Sink, Store or OnError are called
	items             []*item    // that are held, in the order in which they came
	spans             int        // in items
	bytes             int        // in items
	inFlight          bool       // some of items are being sent
	running           bool       // there is a goroutine
	closed            bool       // by Shutdown
	shutdownDone      bool       // and its last try is over
	failures          int        // in a row
	notUntil          time.Time
	receiverNotBefore time.Time // until then the receiver wants to be left alone
	keeper            keeper
	stats             Stats
	pending           []error // for the next calls of Export

	told, lost, disk once.Filter
}

// New returns a [Processor], and loads what its [Store] has: for what that takes longer than half a second, it does not wait.
func New(config Config) *Processor {
	config.setDefaults()
	p := &Processor{
		config:  config,
		sending: make(chan struct{}, 1),
		kick:    make(chan struct{}, 1),
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

// DetectResource passes on what the [Sink] knows of the platform.
func (p *Processor) DetectResource() []trace.Attribute {
	if p == nil {
		return nil
	}
	if d, ok := p.sink.(trace.ResourceDetector); ok {
		return d.DetectResource()
	}
	return nil
}

// maxPending bounds the errors that wait for an Export. Each is there once, and they are few.
const maxPending = 8

// tell reports an error that no caller is waiting for. The caller does not hold mu.
func (p *Processor) tell(err error) {
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
	defer func() { _ = recover() }() // a report that fails has nowhere to go
	p.config.OnError(err)
}
