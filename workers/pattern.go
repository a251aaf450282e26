//go:build !tinygo

package workers

import "net/http"

// pattern returns what a ServeMux has found the handler by.
func pattern(r *http.Request) string { return r.Pattern }
