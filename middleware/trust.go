package middleware

import (
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// SharedSecret returns a predicate for [Config.TrustParent]: who sends secret in that header is trusted. The comparison takes
// the same time wherever the values differ, and the header is removed from the request, so that neither a span, the handler,
// nor a backend that is asked gets to see it; one that the request is handed off to does, see [HandoffWebsocket]. An empty secret
// trusts nobody.
func SharedSecret(header, secret string) func(r *fsthttp.Request) bool {
	header = fsthttp.CanonicalHeaderKey(header)
	return func(r *fsthttp.Request) bool {
		values := r.Header[header]
		delete(r.Header, header)
		return len(values) == 1 && secret != "" && sameSecret(values[0], secret)
	}
}

// ShieldHop returns a predicate for [Config.TrustParent]: a request is trusted that another data centre of the same service has
// sent to this one, its shield. Such a request carries Fastly-FF, a list whose last entry is SERVICE!DATACENTRE!SERVER, see
// https://www.fastly.com/documentation/reference/http/http-headers/Fastly-FF/. SERVICE is a salted hash of the service's id;
// serviceHash is yours, as a request that has come by the shield shows it. An empty one trusts nobody.
//
// Anybody can send Fastly-FF, and Compute has no call that verifies it: the hash is what has to be known. Origins see it too,
// so that [SharedSecret] is the stronger of the two.
func ShieldHop(serviceHash string) func(r *fsthttp.Request) bool {
	return func(r *fsthttp.Request) bool {
		hash, place, _ := strings.Cut(lastEntry(r.Header["Fastly-Ff"]), "!")
		return serviceHash != "" && strings.IndexByte(place, '!') > 0 && sameSecret(hash, serviceHash)
	}
}

// sameSecret is crypto/subtle's comparison, without the rest of it. It lets the length be known.
func sameSecret(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	different := byte(0)
	for i := 0; i < len(a); i++ {
		different |= a[i] ^ b[i]
	}
	return different == 0
}

// lastEntry returns the last entry of a header that is a list with commas, and what spaces are behind it; "" where there is none.
func lastEntry(values []string) string {
	last, from := "", 0
	for _, last = range values {
	}
	for i := range len(last) { // strings.TrimSpace and LastIndexByte would be 200 bytes more
		if c := last[i]; c == ',' || i == from && c <= ' ' {
			from = i + 1
		}
	}
	return last[from:]
}
