//go:build !wasm

package trace

import (
	"os"
	"path/filepath"
)

// unknownService is the service.name of who says none: by the program, where that has a name, as
// https://opentelemetry.io/docs/specs/semconv/resource/service/ asks.
var unknownService = func() string {
	if len(os.Args) == 0 || os.Args[0] == "" {
		return "unknown_service"
	}
	return "unknown_service:" + filepath.Base(os.Args[0])
}()
