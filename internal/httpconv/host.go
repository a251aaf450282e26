package httpconv

import "strings"

// SplitHost splits the value of a Host header into address and port. The port is 0 if there is none or if it is not a number.
func SplitHost(host string) (address string, port int) {
	i := strings.LastIndexByte(host, ':')
	if i >= 0 && (strings.IndexByte(host, ':') == i || host[i-1] == ']') { // otherwise host is an IPv6 address without brackets
		if n := Digits(host[i+1:]); n <= 65535 {
			port = int(max(n, 0))
		}
		host = host[:i]
	}
	if n := len(host) - 1; n > 0 && host[0] == '[' && host[n] == ']' {
		host = host[1:n]
	}
	return host, port
}

// Digits returns the value of a decimal number with at most 18 digits, and -1 for any other text. strconv.ParseUint would also
// link the code of its errors.
func Digits(s string) int64 {
	if s == "" || len(s) > 18 {
		return -1
	}
	n := int64(0)
	for i := 0; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			return -1
		}
		n = 10*n + int64(d)
	}
	return n
}

// DefaultPort returns the default port of a scheme, or 0.
func DefaultPort(scheme string) int {
	switch scheme {
	case "https":
		return 443
	case "http":
		return 80
	}
	return 0
}
