package host

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// validTarget tells whether a path with its query has only bytes that the platform accepts. The platform refuses bytes that must be
// percent-encoded and are not.
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

// requestTarget returns the path and query of a URL, as written, or "/" if it has none.
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

// joinPath puts the path of a backend's URL before the target.
func joinPath(prefix, target string) string {
	return strings.TrimSuffix(prefix, "/") + target
}

// refusal says why a client's request has no URL that a guest could get, or returns "". In such cases Fastly's own local server
// closes the connection without an answer.
func refusal(r *http.Request) string {
	switch {
	case r.Method == http.MethodConnect:
		return "CONNECT asks for a tunnel, and a service is not a proxy"
	case r.Host == "":
		return "the request names no host" // HTTP/1.0 allows that
	case r.RequestURI == "*" && r.Method != http.MethodOptions:
		return "only OPTIONS may ask for *"
	case !validTarget(requestTarget(r.RequestURI)):
		return "the path or the query contains bytes that must be percent-encoded"
	}
	return ""
}

// badHost says why a client's request names a host that cannot be in a URL, such as h:x, or returns "". Then compute-sdk-go panics
// before any handler.
func badHost(r *http.Request) string {
	_, err := url.ParseRequestURI(absoluteURL(r))
	if err == nil {
		return ""
	}
	if wrong := (*url.Error)(nil); errors.As(err, &wrong) {
		err = wrong.Err // without the URL
	}
	return fmt.Sprintf("the host %s is not valid in a URL: %v", quoted(r.Host), err)
}

// absoluteURL returns the URL of a client's request: the requested host name, with path and query as the client sent them. OPTIONS
// * has no path and query: https://www.rfc-editor.org/rfc/rfc9112#section-3.3
func absoluteURL(r *http.Request) string {
	if r.RequestURI == "*" {
		return "http://" + r.Host
	}
	return "http://" + r.Host + requestTarget(r.RequestURI)
}
