package backend

import (
	"errors"
	"sync"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// Dynamic returns the transport to a dynamic backend, which is registered with the first request: for a receiver whose host
// comes out of a configuration. The service has to be allowed to use dynamic backends. options may be nil. target is the
// host that is connected to, with a port if it is not the standard one.
//
// The name is the sandbox's own. A backend that already has it is taken as it is, which is what the second Dynamic of one
// name finds.
func Dynamic(name, target string, options *fsthttp.BackendOptions) *Transport {
	t := &Transport{name: name}
	t.register = sync.OnceValue(func() error {
		_, err := fsthttp.RegisterDynamicBackend(name, target, options)
		if errors.Is(err, fsthttp.ErrBackendNameInUse) {
			return nil
		}
		return err
	})
	return t
}
