// Package httpconv has what all HTTP middlewares of Edgespan share: how a method, a host, a URL and headers are recorded after
// https://opentelemetry.io/docs/specs/semconv/http/http-spans/, and what of them is secret. It knows no HTTP library.
package httpconv
