//go:build tinygo

package workers

import "net/http"

// pattern returns "": TinyGo's net/http has no patterns.
func pattern(*http.Request) string { return "" }
