package host

import (
	"net"
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

// absoluteURL is the URL of a client's request: the host name that it asked for, its path and query as it sent them.
func absoluteURL(r *http.Request) string {
	host := r.Host
	if addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && host == "" {
		host = addr.String() // HTTP/1.0 need not say
	}
	return "http://" + host + requestTarget(r.RequestURI)
}
