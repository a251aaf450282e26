package redact

// secretNames are names of secrets, between dots, and secretWords what is enough of such a name, in the form that Normalize gives them.
// Among them are the sensitive query keys of https://opentelemetry.io/docs/specs/semconv/registry/Attributes/url/.
const secretNames = ".apiauth.auth.code.connectsid.cookie.fastlykey.hmac.key.otp.pass.pin.pwd.setcookie.sid.sig.totp.xauth."

var secretWords = [...]string{
	"accesskey", "apikey", "assertion", "authcode", "authkey", "authorization", "bearer", "credential", "csrf", "encryptionkey", "jwt",
	"passcode", "passphrase", "passwd", "password", "privatekey", "samlresponse", "secret", "sessid", "session", "signature", "signingkey",
	"subscriptionkey", "token", "verifier", "xsrf",
}

// Normalize returns a name decoded, in lower case, and without what separates its words: case, percent encoding, '-', '_', '.' and
// brackets make no difference.
func Normalize(name string) string {
	at := 0
	for at < len(name) && !changes(name[at]) {
		at++
	}
	if at == len(name) {
		return name // the usual case
	}
	out := append(make([]byte, 0, len(name)), name[:at]...)
	for i := at; i < len(name); i++ {
		c := name[i]
		if c == '%' && i+2 < len(name) {
			if high, low := digit(name[i+1]), digit(name[i+2]); high < 16 && low < 16 {
				c = high<<4 | low
				i += 2
			}
		}
		switch {
		case separates(c):
		case 'A' <= c && c <= 'Z':
			out = append(out, c+'a'-'A')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

func separates(c byte) bool { return c == '-' || c == '_' || c == '.' || c == '[' || c == ']' }
func changes(c byte) bool   { return 'A' <= c && c <= 'Z' || c == '%' || separates(c) }

// digit returns the value of a hexadecimal digit, and 16 or more for what is none.
func digit(c byte) byte {
	switch {
	case c-'0' <= 9:
		return c - '0'
	case c|0x20 >= 'a':
		return c | 0x20 - 'a' + 10
	}
	return 16
}

// IsSecret reports whether a normalized name is that of a secret.
func IsSecret(name string) bool {
	n := len(name)
	for n > 0 && name[n-1]-'0' <= 9 { // "key[0]"
		n--
	}
	if Contains(secretNames, "."+name[:n]+".") {
		return true
	}
	for _, word := range secretWords {
		if Contains(name, word) { // "password_confirmation"
			return true
		}
	}
	return false
}

// Contains is strings.Contains.
func Contains(s, sub string) bool {
	for i := 0; i+len(sub) <= len(s); i++ {
		if s[i:i+len(sub)] == sub {
			return true
		}
	}
	return false
}
