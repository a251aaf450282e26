package browser

import "github.com/edgespan/edgespan/internal/redact"

// words mark a parameter as secret if its name contains one of them. They are added to the edge's names: a page's address has more personal
// data.
var words = []string{"auth", "code", "email", "key", "sig"}

// redacted returns a URL without its fragment, and with its credentials and the values of secret query parameters replaced.
func redacted(url string, names *redact.Names) string {
	url, _, _ = cut(url, "#")
	if hasPrefix(url, "data:") || hasPrefix(url, "blob:") {
		return url[:len("data:")]
	}
	rest, query, found := cut(redact.Userinfo(url), "?")
	if !found {
		return rest
	}
	return rest + "?" + names.Query(query)
}
