package middleware

import "github.com/fastly/compute-sdk-go/fsthttp"

// SharedSecret returns a predicate for Config.TrustParent: who sends secret in that header is trusted. The comparison takes
// the same time wherever the values differ, and the header is removed from the request, so that neither a span, the handler,
// nor a backend gets to see it. An empty secret trusts nobody.
func SharedSecret(header, secret string) func(r *fsthttp.Request) bool {
	header = fsthttp.CanonicalHeaderKey(header)
	return func(r *fsthttp.Request) bool {
		values := r.Header[header]
		delete(r.Header, header)
		return len(values) == 1 && secret != "" && sameSecret(values[0], secret)
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
