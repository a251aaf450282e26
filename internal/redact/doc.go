// Package redact knows what of a URL is secret, and hides it: for the edge (internal/httpconv) and for pages (browser), which are to hide
// the same. It imports nothing: with TinyGo the tables behind package strings are more than all the rest of a page's tracer.
package redact
