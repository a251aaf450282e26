package middleware

import "github.com/edgespan/edgespan/internal/httpconv"

// IsSecret reports whether values of a query parameter or header of this name are redacted by default. Case, percent
// encoding, and '-', '_', '.' and brackets make no difference.
func IsSecret(name string) bool { return httpconv.IsSecret(name) }
