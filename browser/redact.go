package browser

import "github.com/edgespan/edgespan/internal/redact"

// words are enough of a name here, besides those of the edge: a page's address has more that is somebody's own.
var words = []string{"auth", "code", "email", "key", "sig"}

// redacted returns a URL without its fragment, with its credentials replaced, and the values of query parameters whose names are those of
// secrets.
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
