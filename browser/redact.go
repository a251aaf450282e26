package browser

import "strings"

// secrets are parts of the names of query parameters whose values do not leave the page.
var secrets = []string{"token", "secret", "password", "passwd", "key", "auth", "sig", "code", "session", "credential", "email"}

// redact removes the fragment and userinfo of a URL, and replaces the values of query parameters whose names look like those of
// secrets. also are names from the options.
func redact(url string, also []string) string {
	url, _, _ = strings.Cut(url, "#")
	if strings.HasPrefix(url, "data:") || strings.HasPrefix(url, "blob:") {
		url, _, _ = strings.Cut(url, ":")
		return url + ":"
	}
	rest, query, ok := strings.Cut(url, "?")
	if scheme, after, found := strings.Cut(rest, "://"); found {
		host, path, slash := strings.Cut(after, "/")
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			host = "REDACTED:REDACTED@" + host[at+1:]
		}
		rest = scheme + "://" + host
		if slash {
			rest += "/" + path
		}
	}
	if !ok {
		return rest
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		if name, _, ok := strings.Cut(pair, "="); ok && isSecret(name, also) {
			pairs[i] = name + "=REDACTED"
		}
	}
	return rest + "?" + strings.Join(pairs, "&")
}

func isSecret(name string, also []string) bool {
	name = strings.ToLower(name)
	for _, s := range secrets {
		// A name with an escape in it may spell anything.
		if strings.Contains(name, s) || strings.IndexByte(name, '%') >= 0 {
			return true
		}
	}
	for _, s := range also {
		if name == strings.ToLower(s) {
			return true
		}
	}
	return false
}
