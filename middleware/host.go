package middleware

import (
	"strconv"
	"strings"
)

// splitHost splits a Host header into address and port. The port is 0 where there is none, or none that is a number.
func splitHost(host string) (address string, port int) {
	address = host
	if i := strings.LastIndexByte(host, ':'); i >= 0 && strings.IndexByte(host[i:], ']') < 0 {
		if strings.IndexByte(host, ':') == i || strings.HasPrefix(host, "[") { // else it is a bare IPv6 address
			if n, err := strconv.ParseUint(host[i+1:], 10, 16); err == nil {
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

func defaultPort(scheme string) int {
	switch scheme {
	case "https":
		return 443
	case "http":
		return 80
	}
	return 0
}
