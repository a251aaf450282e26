package middleware

import "strings"

// splitHost splits a Host header into address and port. The port is 0 where there is none, or none that is a number.
func splitHost(host string) (address string, port int) {
	address = host
	if i := strings.LastIndexByte(host, ':'); i >= 0 && strings.IndexByte(host[i:], ']') < 0 {
		if strings.IndexByte(host, ':') == i || strings.HasPrefix(host, "[") { // else it is a bare IPv6 address
			if n := digits(host[i+1:]); 0 < n && n <= 65535 {
				port = int(n)
			}
			address = host[:i]
		}
	}
	if strings.HasPrefix(address, "[") && strings.HasSuffix(address, "]") {
		address = address[1 : len(address)-1]
	}
	return address, port
}

// digits returns the value of a decimal number of at most 18 digits, and -1 for any other text. strconv.ParseUint would do,
// for the code of its errors.
func digits(s string) int64 {
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

func defaultPort(scheme string) int {
	switch scheme {
	case "https":
		return 443
	case "http":
		return 80
	}
	return 0
}
