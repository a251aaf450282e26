package redact

// Redacted stands for a value that is not recorded.
const Redacted = "REDACTED"

// Query returns a raw query with the values of secrets replaced, and itself where there are none. A '?' begins a name too, for
// a value may be a URL: "next=/cb?code=1"; and so does a ';', as some servers split a query. A secret goes on to the next '&', for to
// the others it is one with what follows a ';'. It does not look into a URL that is encoded, nor for the credentials of one.
func (n *Names) Query(raw string) string {
	var out []byte
	copied := 0         // of raw
	name, value := 0, 0 // where they begin: name < 0 behind a '=', value > 0 in a secret
	for at := 0; at <= len(raw); at++ {
		c := byte('&')
		if at < len(raw) {
			c = raw[at]
		}
		switch {
		case c == '&':
			if value > 0 && value < at {
				out = append(out, raw[copied:value]+Redacted...) // one append, each of which is written out here
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

// Userinfo replaces the credentials of each URL in a text, also of one that is in another's query.
func Userinfo(s string) string {
	var out []byte
	copied, query := 0, false
	userinfo := -1 // where it would begin
	for at := range len(s) {
		switch c := s[at]; {
		case c == '/' && at > 0 && s[at-1] == '/' && userinfo != at: // not the third of "file:///"
			userinfo = at + 1
		case c == '/' || c == ' ' || c == '<' || c == '>':
			userinfo, query = -1, query && c == '/'
		case c == '?' || c == '#':
			userinfo, query = -1, true
		case query && c == '&': // else a password may have it
			userinfo = -1
		case c == '@' && userinfo >= 0:
			if copied < userinfo { // the last '@' counts
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
