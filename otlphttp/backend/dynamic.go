package backend

import (
	"errors"
	"sync"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// Dynamic returns the transport to a dynamic backend, for a receiver whose host is known only at run time. The backend is
// registered with the first request. The service must be allowed to use dynamic backends. target is the host to connect to,
// with a port if that is not the standard one. options may be nil.
//
// name is a name within the sandbox. If a backend with this name exists already, for example from an earlier call of Dynamic,
// it is used as it is.
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
