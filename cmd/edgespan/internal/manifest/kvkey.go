package manifest

import (
	"strings"
	"unicode/utf8"
)

// CheckKVKey says what is wrong with the key of a KV store item. It returns "" for a valid key.
func CheckKVKey(key string) string {
	switch {
	case key == "":
		return "is empty"
	case len(key) > 1024:
		return "is longer than 1024 bytes"
	case strings.HasPrefix(key, ".well-known/acme-challenge"):
		return "begins with .well-known/acme-challenge"
	case key == "." || key == ".." || strings.Contains(key, "./") || strings.HasSuffix(key, "/.") || strings.HasSuffix(key, "/.."):
		return "has a . or .. as a part of a path"
	case strings.ContainsAny(key, "\r\n#;?^|"):
		return `contains one of \r \n # ; ? ^ |`
	}
	if r, n := utf8.DecodeRuneInString(key); n == len(key) && (r <= 32 || r == 0xFFFE || r == 0xFFFF) {
		return "is a single control character"
	}
	return ""
}
