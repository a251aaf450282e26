package middleware

// otherMethod stands for a method that is not known, so that nobody can fill a backend with names by making them up.
const otherMethod = "_OTHER"

var knownMethods = [...]string{"GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"}

// knownMethod returns the method as http.request.method has it: as it is, or otherMethod.
func knownMethod(method string) string {
	if method == "" {
		return "GET" // as fsthttp and net/http take it
	}
	for _, known := range knownMethods {
		if method == known {
			return method
		}
	}
	return otherMethod
}

// spanName returns "{method} {route}", or the method where no route is known.
func spanName(method, route string) string {
	if method == otherMethod {
		method = "HTTP"
	}
	if route == "" {
		return method
	}
	return method + " " + route
}
