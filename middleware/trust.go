package middleware

import (
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// SharedSecret returns a function for [Config.TrustParent] that trusts requests whose header has the value secret. If secret is
// empty, it trusts none.
//
// The comparison takes the same time wherever the values differ. The header is removed from the request, so that it is not
// visible in a span, to the handler, or to a backend of Send. It is visible to a backend that the request is handed off to, see
// [HandoffWebsocket].
func SharedSecret(header, secret string) func(r *fsthttp.Request) bool {
	header = fsthttp.CanonicalHeaderKey(header)
	return func(r *fsthttp.Request) bool {
		values := r.Header[header]
		delete(r.Header, header)
		return len(values) == 1 && secret != "" && sameSecret(values[0], secret)
	}
}

// ShieldHop returns a function for [Config.TrustParent] that trusts requests which another data centre of the same service has
// sent to this one, its shield. Such a request has the header Fastly-FF, a list whose last entry is SERVICE!DATACENTRE!SERVER,
// see https://www.fastly.com/documentation/reference/http/http-headers/Fastly-FF/. SERVICE is a salted hash of the service's
// id. serviceHash is the hash of your service: copy it from a request that has passed the shield. If it is empty, ShieldHop
// trusts none.
//
// Anybody can send Fastly-FF, and Compute has no call that verifies it. The only protection is that the hash is not generally
// known, and your origins see it too. [SharedSecret] protects better.
func ShieldHop(serviceHash string) func(r *fsthttp.Request) bool {
	return func(r *fsthttp.Request) bool {
		hash, place, _ := strings.Cut(lastEntry(r.Header["Fastly-Ff"]), "!")
		return serviceHash != "" && strings.IndexByte(place, '!') > 0 && sameSecret(hash, serviceHash)
	}
}

// sameSecret reports whether a and b are equal, in a time that depends only on their lengths. It stands for
// crypto/subtle.ConstantTimeCompare, whose package links more.
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

// lastEntry returns the last entry of a comma-separated header, or "" if there is none. Spaces before the entry are left out,
// those after it are kept.
func lastEntry(values []string) string {
	last, from := "", 0
	for _, last = range values {
	}
	for i := range len(last) { // strings.TrimSpace and LastIndexByte would link 200 bytes more
		if c := last[i]; c == ',' || i == from && c <= ' ' {
			from = i + 1
		}
	}
	return last[from:]
}
