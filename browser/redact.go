package browser

// secrets are parts of the names of query parameters whose values do not leave the page.
var secrets = []string{"token", "secret", "password", "passwd", "key", "auth", "sig", "code", "session", "credential", "email"}

// redact removes the fragment and userinfo of a URL, and replaces the values of query parameters whose names look like those of
// secrets. also are names from the options.
func redact(url string, also []string) string {
	url, _, _ = cut(url, "#")
	if hasPrefix(url, "data:") || hasPrefix(url, "blob:") {
		url, _, _ = cut(url, ":")
		return url + ":"
	}
	rest, query, ok := cut(url, "?")
	if scheme, after, found := cut(rest, "://"); found {
		host, path, slash := cut(after, "/")
		if at := lastByte(host, '@'); at >= 0 {
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
	pairs := split(query, "&")
	for i, pair := range pairs {
		parts := split(pair, "?") // a value may be a URL: next=/cb?code=1
		for k, part := range parts {
			if name, _, ok := cut(part, "="); ok && isSecret(name, also) {
				parts[k] = name + "=REDACTED"
				parts = parts[:k+1]
				break
			}
		}
		pairs[i] = join(parts, "?")
	}
	return rest + "?" + join(pairs, "&")
}

func isSecret(name string, also []string) bool {
	name = lower(name)
	for _, s := range secrets {
		// A name with an escape in it may spell anything.
		if contains(name, s) || contains(name, "%") {
			return true
		}
	}
	for _, s := range also {
		if name == lower(s) {
			return true
		}
	}
	return false
}
