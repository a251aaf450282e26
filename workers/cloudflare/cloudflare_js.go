package cloudflare

import (
	"net/http"
	"syscall/js"

	"github.com/syumai/workers/cloudflare"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/pending"
	"github.com/edgespan/edgespan/workers/internal/send"
)

// DurableObjectId is the original's.
type DurableObjectId = cloudflare.DurableObjectId

// DurableObjectNamespace is a namespace whose objects' requests have spans.
type DurableObjectNamespace struct {
	*cloudflare.DurableObjectNamespace
	name string
}

// NewDurableObjectNamespace is the original's.
func NewDurableObjectNamespace(varName string) (*DurableObjectNamespace, error) {
	ns, err := cloudflare.NewDurableObjectNamespace(varName)
	if err != nil {
		return nil, err
	}
	return &DurableObjectNamespace{ns, varName}, nil
}

// Get is the original's.
func (ns *DurableObjectNamespace) Get(id *DurableObjectId) (*DurableObjectStub, error) {
	stub, err := ns.DurableObjectNamespace.Get(id)
	if err != nil {
		return nil, err
	}
	return &DurableObjectStub{stub, ns.name}, nil
}

// DurableObjectStub is an object whose requests have spans.
type DurableObjectStub struct {
	*cloudflare.DurableObjectStub
	name string
}

// Fetch is the original's.
func (s *DurableObjectStub) Fetch(req *http.Request) (*http.Response, error) {
	return send.Do(req, s.DurableObjectStub.Fetch,
		trace.String("cloudflare.binding.type", "durable_object_namespace"), trace.String("cloudflare.binding.name", s.name))
}

// Getenv is the original's.
func Getenv(name string) string { return cloudflare.Getenv(name) }

// GetBinding is the original's.
func GetBinding(name string) js.Value { return cloudflare.GetBinding(name) }

// WaitUntil is the original's, but that workers.Serve keeps the program alive for the task. A span that the task starts in a request's
// context is sent when it ends.
func WaitUntil(task func()) {
	pending.Tasks.Add(1)
	cloudflare.WaitUntil(func() {
		defer pending.Tasks.Add(-1)
		task()
	})
}

// PassThroughOnException is the original's.
func PassThroughOnException() { cloudflare.PassThroughOnException() }
