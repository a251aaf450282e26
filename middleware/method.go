package middleware

// otherMethod stands for a method that is not known, so that nobody can fill a backend with names by making them up.
const otherMethod = "_OTHER"

// knownMethod returns the method as http.request.method has it: as it is, or otherMethod.
func knownMethod(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY":
		return method
	case "":
		return "GET" // as fsthttp and net/http take it
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
