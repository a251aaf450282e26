package redact

// secretNames lists whole names of secrets, between dots. A name in brackets counts as a whole name. secretWords lists words
// that make a name secret if it contains one. All are in the form that normalize returns. They include the sensitive query keys
// of https://opentelemetry.io/docs/specs/semconv/registry/Attributes/url/.
const secretNames = ".apiauth.auth.code.connectsid.fastlykey.key.otp.pass.pin.sid.sig.totp.xauth."

var secretWords = []string{
	"accesskey", "apikey", "assertion", "authcode", "authkey", "authorization", "bearer", "cookie", "credential", "csrf", "encryptionkey",
	"hmac", "jwt", "passcode", "passphrase", "passwd", "password", "privatekey", "pwd", "samlresponse", "secret", "sessid", "session", "signature", "signingkey",
	"subscriptionkey", "token", "verifier", "xsrf",
}

// Names decides which names have secret values. The zero value knows the usual names of secrets.
type Names struct {
	Words []string // further secret words, normalized

	hidden map[string]bool // exceptions, by normalized name
}

// Set sets whether a name is hidden, whatever words it contains. A later call replaces an earlier one.
func (n *Names) Set(name string, hidden bool) {
	if n.hidden == nil {
		n.hidden = map[string]bool{}
	}
	name, _ = normalize(name)
	n.hidden[name] = hidden
}

// Hides reports whether the values of a name are hidden.
func (n *Names) Hides(name string) bool {
	name, last := normalize(name)
	if hidden, ok := n.hidden[name]; ok {
		return hidden
	}
	end := len(name)
	for end > 0 && name[end-1]-'0' <= 9 { // "key[0]"
		end--
	}
	if contains(secretNames, "."+name[last:end]+".") {
		return true
	}
	for _, words := range [...][]string{secretWords, n.Words} {
		for _, word := range words {
			if contains(name, word) { // "password_confirmation"
				return true
			}
		}
	}
	return false
}

// normalize returns a name decoded, in lower case and without the separators of words, so that case, percent encoding, '-',
// '_', '.' and brackets make no difference. last is where the last part that follows a '[' and is not a number begins: "pass"
// in both "login[pass][0]" and "users[0].pass".
func normalize(name string) (normalized string, last int) {
	inside := false
	out, n := []byte(name), 0
	for i := 0; i < len(out); i++ {
		c := out[i]
		if c == '%' && i+2 < len(out) {
			if high, low := out[i+1], out[i+2]; isHex(high) && isHex(low) {
				c = hexValue(high)<<4 | hexValue(low)
				i += 2
			}
		}
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c == '[':
			inside = true
			continue
		case c == '-' || c == '_' || c == '.' || c == ']':
			continue
		}
		if inside && c-'0' > 9 {
			last, inside = n, false
		}
		out[n] = c
		n++
	}
	if string(out[:n]) == name {
		return name, last
	}
	return string(out[:n]), last
}

func isHex(c byte) bool    { return c-'0' <= 9 || c|0x20-'a' <= 5 }
func hexValue(c byte) byte { return c&15 + c>>6*9 } // of a digit

// contains is strings.Contains.
func contains(s, sub string) bool {
	for i := 0; i+len(sub) <= len(s); i++ {
		if s[i:i+len(sub)] == sub {
			return true
		}
	}
	return false
}
