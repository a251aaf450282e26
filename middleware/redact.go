package middleware

import "github.com/edgespan/edgespan/internal/httpconv"

// IsSecret reports whether values of a query parameter or header of this name are redacted by default. Case, percent
// encoding, and '-', '_', '.' and brackets make no difference.
func IsSecret(name string) bool { return httpconv.IsSecret(name) }

// RedactText returns a text with the URLs in it redacted by default's rules: credentials, and the values of secrets in queries and fragments. It is
// for what [trace.Span.RecordError] and [trace.Span.SetStatus] record as it is: net/http's errors say which URL they are about.
//
//	span.SetStatus(trace.StatusError, middleware.RedactText(err.Error()))
func RedactText(text string) string { return new(httpconv.Redactor).Message(text) }
