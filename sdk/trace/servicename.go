//go:build !wasm

package trace

import (
	"os"
	"path/filepath"
)

// unknownService is the service.name of a service that has none. It includes the program's name, if there is one, as
// https://opentelemetry.io/docs/specs/semconv/resource/service/ asks.
var unknownService = func() string {
	if len(os.Args) == 0 || os.Args[0] == "" {
		return "unknown_service"
	}
	return "unknown_service:" + filepath.Base(os.Args[0])
}()
