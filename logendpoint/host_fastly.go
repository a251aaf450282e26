//go:build wasip1 && !nofastlyhostcalls

package logendpoint

import (
	"errors"
	"unsafe"
)

// These are the host's calls for log endpoints, as compute-sdk-go declares them in internal/abi/fastly. Its package rtlog makes
// the same calls, and would add 3 kB to every service.

//go:wasmimport fastly_log endpoint_get
//go:noescape
func hostEndpointGet(name string, endpoint *uint32) (status uint32)

//go:wasmimport fastly_log write
//go:noescape
func hostWrite(endpoint uint32, line unsafe.Pointer, size uint32, written *uint32) (status uint32)

// writerTo returns a function that writes to the log endpoint with this name. Each call of it is one log event. It adds the name
// to errors, since the host's status does not say which endpoint failed.
func writerTo(name string) writeFunc {
	var endpoint uint32
	opened := hostEndpointGet(name, &endpoint)
	return func(p []byte) (int, error) {
		var written uint32
		status := opened
		if status == 0 {
			status = hostWrite(endpoint, unsafe.Pointer(unsafe.SliceData(p)), uint32(len(p)), &written)
		}
		if status != 0 {
			return 0, errors.New("logendpoint: " + name + ": Fastly error: " + statusText(status))
		}
		return int(written), nil
	}
}
