// Package httpconv records methods, hosts, URLs and headers as the semantic conventions for HTTP say,
// https://opentelemetry.io/docs/specs/semconv/http/http-spans/, and redacts their secrets. All HTTP middlewares of Edgespan
// share it. It depends on no HTTP library.
package httpconv
