package httpconv

import "strings"

// OtherMethod is recorded in place of an unknown method, so that nobody can fill a backend with invented methods.
const OtherMethod = "_OTHER"

// KnownMethods are the methods that the conventions know.
var KnownMethods = [...]string{"GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"}

// Method returns the value of http.request.method: the method if it is known, and OtherMethod otherwise. known replaces the
// conventions' list of methods unless it is empty.
func Method(method string, known []string) string {
	if method == "" {
		return "GET" // as fsthttp and net/http read it
	}
	if len(known) == 0 {
		known = KnownMethods[:]
	}
	for i := range known {
		if method == known[i] {
			return method
		}
	}
	return OtherMethod
}

// SpanName returns "{method} {route}", or only the method if the route is unknown.
func SpanName(method, route string) string {
	if method == OtherMethod {
		method = "HTTP"
	}
	if route == "" {
		return method
	}
	return method + " " + route
}

// PatternPath returns the path of a pattern of net/http's ServeMux, which is "[METHOD ][HOST]/[PATH]". It is used as the route.
func PatternPath(pattern string) string {
	if i := strings.IndexByte(pattern, '/'); i >= 0 {
		return pattern[i:]
	}
	return ""
}
