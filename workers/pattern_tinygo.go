//go:build tinygo

package workers

import "net/http"

// pattern returns nothing: TinyGo's net/http knows of no patterns.
func pattern(*http.Request) string { return "" }
