package redact

// Redacted is recorded in place of a secret value.
const Redacted = "REDACTED"

// Query returns a raw query with the values of secrets replaced. If there are none, it returns raw.
//
// A name begins after '&', and also after '?', because a value may be a URL, as in "next=/cb?code=1", and after ';', because
// some servers split a query there. A secret value ends only at the next '&', because other servers take what follows a ';' as
// part of it. Query does not look into a URL that is encoded, and does not replace the credentials of a URL.
func (n *Names) Query(raw string) string {
	var out []byte
	copied := 0         // how much of raw is in out
	name, value := 0, 0 // where the name and the secret value begin; name < 0 after a '=', value > 0 in a secret value
	for at := 0; at <= len(raw); at++ {
		c := byte('&')
		if at < len(raw) {
			c = raw[at]
		}
		switch {
		case c == '&':
			if value > 0 && value < at {
				out = append(out, raw[copied:value]+Redacted...) // a single append, because the compiler inlines each
				copied = at
			}
			name, value = at+1, 0
		case value > 0:
		case c == '?' || c == ';':
			name = at + 1
		case c == '=' && name >= 0:
			if n.Hides(raw[name:at]) {
				value = at + 1
			}
			name = -1
		}
	}
	if copied == 0 {
		return raw
	}
	return string(out) + raw[copied:]
}

// Userinfo replaces the credentials of each URL in a text, including URLs in another URL's query.
func Userinfo(s string) string {
	var out []byte
	copied, query := 0, false
	userinfo := -1 // where the userinfo would begin
	for at := range len(s) {
		switch c := s[at]; {
		case c == '/' && at > 0 && s[at-1] == '/' && userinfo != at: // the third slash of "file:///" begins no userinfo
			userinfo = at + 1
		case c == '/' || c == ' ' || c == '<' || c == '>':
			userinfo, query = -1, query && c == '/'
		case c == '?' || c == '#':
			userinfo, query = -1, true
		case query && c == '&': // outside of a query, it may be part of a password
			userinfo = -1
		case c == '@' && userinfo >= 0:
			if copied < userinfo { // with several '@', the userinfo ends at the last
				out = append(out, s[copied:userinfo]+Redacted+":"+Redacted...)
			}
			copied = at
		}
	}
	if copied == 0 {
		return s
	}
	return string(out) + s[copied:]
}
