//go:build !tinygo

package workers

import "net/http"

// pattern returns the pattern by which a ServeMux found the handler.
func pattern(r *http.Request) string { return r.Pattern }
