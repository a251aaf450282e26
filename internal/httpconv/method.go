package httpconv

import "strings"

// OtherMethod stands for a method that is not known, so that nobody can fill a backend with names by making them up.
const OtherMethod = "_OTHER"

var knownMethods = [...]string{"GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"}

// Method returns the method as http.request.method has it: as it is, or OtherMethod. Where known is empty the conventions' methods are known.
func Method(method string, known []string) string {
	if method == "" {
		return "GET" // as fsthttp and net/http take it
	}
	if len(known) == 0 {
		known = knownMethods[:]
	}
	for i := range known {
		if method == known[i] {
			return method
		}
	}
	return OtherMethod
}

// SpanName returns "{method} {route}", or the method where no route is known.
func SpanName(method, route string) string {
	if method == OtherMethod {
		method = "HTTP"
	}
	if route == "" {
		return method
	}
	return method + " " + route
}

// PatternPath returns the path of "[METHOD ][HOST]/[PATH]", as net/http's ServeMux has patterns: a route.
func PatternPath(pattern string) string {
	if i := strings.IndexByte(pattern, '/'); i >= 0 {
		return pattern[i:]
	}
	return ""
}
