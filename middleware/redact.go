package middleware

import "github.com/edgespan/edgespan/internal/httpconv"

// IsSecret reports whether the values of a query parameter or header with this name are redacted by default. Case, percent
// encoding, '-', '_', '.' and brackets make no difference.
func IsSecret(name string) bool { return httpconv.IsSecret(name) }

// RedactText returns text with the URLs in it redacted: credentials, and the values of secret parameters in queries and
// fragments. It follows the default rules and knows nothing of [Config.Redact] and [Config.Reveal]. Use it for texts that
// [trace.Span.RecordError] and [trace.Span.SetStatus] would record unchanged, such as errors of net/http, which contain the URL
// of the request.
//
//	span.SetStatus(trace.StatusError, middleware.RedactText(err.Error()))
func RedactText(text string) string { return new(httpconv.Redactor).Message(text) }
