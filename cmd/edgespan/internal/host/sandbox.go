package host

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/tetratelabs/wazero/api"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

// sandbox is one instance of the guest and everything that it holds. Only the goroutine that runs the guest uses it. A host call
// that waits makes the guest wait.
type sandbox struct {
	host  *Host
	id    uint64 // the id of its first request
	ctx   context.Context
	mod   api.Module
	start time.Time
	idle  *atomic.Int64 // nanoseconds spent waiting

	client       *exchange // the current request
	answered     bool      // the client got a response, or was handed off
	reqHandle    uint32
	bodyHandle   uint32
	promised     bool      // there is an open promise of another request
	furtherTaken int       // requests after the first
	past         []message // the latest requests of clients
	received     []message // the latest responses of backends

	requests  table[requestSlot]
	responses table[response]
	items     table[asyncItem]
	endpoints names[string]
	dynamic   map[string]*origin

	configs names[map[string]string]
	kvs     names[*kvStore]
	secrets names[[]byte]
	vaults  names[map[string][]byte]
	acls    names[manifest.ACL]
}

func newSandbox(h *Host, ex *exchange, in *instance) *sandbox {
	sb := &sandbox{host: h, id: ex.id, mod: in.mod, idle: in.idle, start: time.Now(), dynamic: map[string]*origin{}}
	sb.ctx = context.WithValue(h.ctx, sandboxKey{}, sb)
	sb.accept(ex)
	return sb
}

// sandboxKey is the key of the sandbox in the context that the engine passes to host calls.
type sandboxKey struct{}

// message is the handles of a request or a response: of its head and of its body.
type message struct{ head, body uint32 }

// Guests do not close the handles of a client's request, nor of a response whose body they have read. So that a sandbox that serves any
// number of requests does not hold them all, only the latest stay valid.
const (
	keptRequests  = 64
	keptResponses = 1024
)

// accept makes the client's request the current one.
func (sb *sandbox) accept(ex *exchange) (req, body uint32) {
	if len(sb.past) == keptRequests {
		sb.forget(sb.past[0])
		sb.past = slices.Delete(sb.past, 0, 1)
	}
	sb.client, sb.answered = ex, false
	sb.reqHandle = sb.requests.add(&requestSlot{ex: ex, req: &request{
		method:  ex.r.Method,
		uri:     ex.url,
		version: versionOf(ex.r.ProtoMajor, ex.r.ProtoMinor),
		header:  append(headers(nil), ex.header...),
	}})
	sb.bodyHandle = sb.addBody(ex.requestBody())
	sb.past = append(sb.past, message{sb.reqHandle, sb.bodyHandle})
	return sb.reqHandle, sb.bodyHandle
}

// forget closes the handles of a client's request that the guest has not closed. It abandons what the guest had sent to backends before
// that request, and never took the answer of: there is no call to cancel a request, so a guest that has waited long enough keeps it.
func (sb *sandbox) forget(m message) {
	delete(sb.requests.items, m.head)
	for h, item := range sb.items.items {
		if h < m.body && item.pending != nil {
			delete(sb.items.items, h)
			go item.pending.abandon()
		}
	}
	if sb.peekBody(m.body) != nil {
		sb.takeBody(m.body).discard()
	}
}

// receive returns the handles of a backend's response and of its body.
func (sb *sandbox) receive(resp *response, b *body) (uint32, uint32) {
	if len(sb.received) == keptResponses {
		old := sb.received[0]
		sb.received = slices.Delete(sb.received, 0, 1)
		delete(sb.responses.items, old.head)
		if b := sb.peekBody(old.body); b != nil && b.isRead() {
			sb.takeBody(old.body)
		}
	}
	m := message{sb.responses.add(resp), sb.addBody(b)}
	sb.received = append(sb.received, m)
	return m.head, m.body
}

// respond sends the answer to the client, and tells whether that was still possible. Early hints may precede it.
func (sb *sandbox) respond(a answer) bool {
	if sb.answered {
		if a.body != nil {
			a.body.discard()
		}
		return false
	}
	sb.answered = a.status != 103
	sb.client.say(a)
	return true
}

// end releases what the guest left open. Bodies that are still being written are aborted. Requests on their way to backends
// continue for a while, since a guest may send without waiting.
func (sb *sandbox) end() {
	for _, item := range sb.items.items {
		switch {
		case item.out != nil:
			item.out.abort()
		case item.body != nil:
			item.body.discard()
		case item.promise != nil:
			sb.host.withdraw(item.promise)
		case item.cache != nil:
			item.cache.release()
		case item.pending != nil:
			go item.pending.abandon()
		}
	}
	for _, o := range sb.dynamic {
		o.close()
	}
}

// vcpu is how long the guest has run, without the time that it waited.
func (sb *sandbox) vcpu() time.Duration {
	return time.Since(sb.start) - time.Duration(sb.idle.Load())
}
