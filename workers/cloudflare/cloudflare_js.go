package cloudflare

import (
	"net/http"
	"sync"
	"syscall/js"

	"github.com/syumai/workers/cloudflare"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/pending"
	"github.com/edgespan/edgespan/workers/internal/send"
)

// DurableObjectId identifies a Durable Object within its namespace.
type DurableObjectId = cloudflare.DurableObjectId

// DurableObjectNamespace is syumai/workers' [cloudflare.DurableObjectNamespace] with a span for each request to one of its objects.
type DurableObjectNamespace struct {
	*cloudflare.DurableObjectNamespace
	name string
}

// NewDurableObjectNamespace returns the namespace that is bound to the variable varName. It returns an error if there is no
// such binding.
func NewDurableObjectNamespace(varName string) (*DurableObjectNamespace, error) {
	ns, err := cloudflare.NewDurableObjectNamespace(varName)
	if err != nil {
		return nil, err
	}
	return &DurableObjectNamespace{ns, varName}, nil
}

// Get returns the stub of the Durable Object with this id.
func (ns *DurableObjectNamespace) Get(id *DurableObjectId) (*DurableObjectStub, error) {
	stub, err := ns.DurableObjectNamespace.Get(id)
	if err != nil {
		return nil, err
	}
	return &DurableObjectStub{stub, ns.name}, nil
}

// DurableObjectStub is syumai/workers' [cloudflare.DurableObjectStub] with a span for each request.
type DurableObjectStub struct {
	*cloudflare.DurableObjectStub
	name string
}

// Fetch sends req to the Durable Object in a CLIENT span, with the trace's context in its headers.
func (s *DurableObjectStub) Fetch(req *http.Request) (*http.Response, error) {
	return send.Do(req, s.DurableObjectStub.Fetch,
		trace.String("cloudflare.binding.type", "durable_object_namespace"), trace.String("cloudflare.binding.name", s.name))
}

// Getenv returns the value of the Worker's variable or secret with this name.
func Getenv(name string) string { return cloudflare.Getenv(name) }

// GetBinding returns the Worker's binding with this name.
func GetBinding(name string) js.Value { return cloudflare.GetBinding(name) }

// WaitUntil runs task in a goroutine of its own. The task may run longer than the response takes. workers.Serve keeps the
// program alive until the task has returned. A span that the task starts from a request's context is sent when it ends.
func WaitUntil(task func()) {
	pending.Tasks.Add(1)
	done := sync.OnceFunc(func() { pending.Tasks.Add(-1) })
	returned := false
	defer func() {
		if !returned { // a panic, such as that of syumai/workers when there is no ctx
			done()
		}
	}()
	cloudflare.WaitUntil(func() {
		defer done()
		task()
	})
	returned = true
}

// PassThroughOnException has Cloudflare forward the request to the origin server if the Worker fails.
func PassThroughOnException() { cloudflare.PassThroughOnException() }
