// Package redact finds secrets in URLs and replaces them. Both internal/httpconv, at the edge, and browser, in pages, use it,
// so that they hide the same. It imports nothing: with TinyGo, the tables behind package strings are larger than the rest of a
// page's tracer.
package redact
