package host

import (
	"net/http"
	"strings"
)

// validTarget tells whether a path with its query has only bytes that the platform lets through. What has to be
// percent-encoded and is not, is refused there.
func validTarget(target string) bool {
	path, query, _ := strings.Cut(target, "?")
	for _, c := range []byte(path) {
		if c <= ' ' || c >= 0x7F || c == '<' || c == '>' || c == '`' || c == '#' {
			return false
		}
	}
	for _, c := range []byte(query) {
		if c <= ' ' || c >= 0x7F || c == '<' || c == '>' || c == '"' || c == '#' {
			return false
		}
	}
	return true
}

// requestTarget is the path and query of a URL, as written; "/" where it has none.
func requestTarget(uri string) string {
	if i := strings.Index(uri, "://"); i >= 0 && !strings.ContainsAny(uri[:i], "/?#") {
		uri = uri[i+3:]
		if j := strings.IndexAny(uri, "/?#"); j >= 0 {
			uri = uri[j:]
		} else {
			uri = ""
		}
	}
	uri, _, _ = strings.Cut(uri, "#")
	if !strings.HasPrefix(uri, "/") {
		uri = "/" + strings.TrimPrefix(uri, "*")
	}
	return uri
}

// joinPath puts the path of a backend's URL in front.
func joinPath(prefix, target string) string {
	return strings.TrimSuffix(prefix, "/") + target
}

// refusal says why a client's request has no URL that a guest could get; empty where it has. Fastly's own local server closes the
// connection in such cases, without a word.
func refusal(r *http.Request) string {
	switch {
	case r.Method == http.MethodConnect:
		return "CONNECT asks for a tunnel, and a service is not a proxy"
	case r.Host == "":
		return "the request names no host" // HTTP/1.0 need not
	case r.RequestURI == "*" && r.Method != http.MethodOptions:
		return "only OPTIONS may ask for *"
	case !validTarget(requestTarget(r.RequestURI)):
		return "the path or the query contains bytes that must be percent-encoded"
	}
	return ""
}

// absoluteURL is the URL of a client's request: the host name that it asked for, its path and query as it sent them. That of
// OPTIONS * has none of these: https://www.rfc-editor.org/rfc/rfc9112#section-3.3
func absoluteURL(r *http.Request) string {
	if r.RequestURI == "*" {
		return "http://" + r.Host
	}
	return "http://" + r.Host + requestTarget(r.RequestURI)
}
