package browser

import "github.com/edgespan/edgespan/internal/redact"

// secrets are parts of names that are hidden besides what the edge hides: a page's address has more that is somebody's own.
var secrets = [...]string{"auth", "code", "email", "key", "sig"}

// redacted returns a URL without its fragment, with its credentials replaced, and the values of query parameters whose names are like
// those of secrets. also are normalized names from the options.
func redacted(url string, also []string) string {
	url, _, _ = cut(url, "#")
	if hasPrefix(url, "data:") || hasPrefix(url, "blob:") {
		return url[:len("data:")]
	}
	rest, query, found := cut(redact.Userinfo(url), "?")
	if !found {
		return rest
	}
	return rest + "?" + redact.Query(query, func(name string) bool { return isSecret(redact.Normalize(name), also) })
}

func isSecret(name string, also []string) bool {
	for _, s := range secrets {
		if redact.Contains(name, s) {
			return true
		}
	}
	for _, s := range also {
		if name == s {
			return true
		}
	}
	return redact.IsSecret(name)
}
