package browser

import "github.com/edgespan/edgespan/internal/redact"

// words mark a parameter as secret if its name contains one of them. They are added to the edge's names: a page's address has more personal
// data.
var words = []string{"auth", "code", "email", "key", "sig"}

// redacted returns a URL with its credentials and the values of secret query parameters replaced. Its fragment is left out, unless it is the
// route of a page, as in "#/items/7".
func redacted(url string, names *redact.Names) string {
	url, fragment, _ := cut(url, "#")
	if hasPrefix(url, "data:") || hasPrefix(url, "blob:") {
		return url[:len("data:")]
	}
	route := ""
	if hasPrefix(fragment, "/") || hasPrefix(fragment, "!") {
		route = "#" + names.Query(redact.Userinfo(fragment))
	}
	rest, query, found := cut(redact.Userinfo(url), "?")
	if found {
		query = "?" + names.Query(query)
	}
	return rest + query + route
}
