package otlpanswer

import (
	"net/url"
	"slices"
	"strings"
)

// minSecret is the length of the shortest value that is replaced. Shorter ones would be found in any text.
const minSecret = 4

// Hide replaces secrets in a text that a receiver or a transport has written: the values of headers, and those in the query of
// the receiver's URL, where some receivers expect a key. For a header's value of two words, such as "Bearer x", it also
// replaces the second word alone. For a value in the query, it also replaces the decoded value.
func Hide(text, receiver string, headers []string) string {
	var secrets []string
	for _, value := range headers {
		_, word, _ := strings.Cut(value, " ")
		secrets = append(secrets, value, word)
	}
	_, query, _ := strings.Cut(receiver, "?")
	query, _, _ = strings.Cut(query, "#")
	for pair := range strings.SplitSeq(query, "&") {
		_, value, _ := strings.Cut(pair, "=")
		decoded, _ := url.QueryUnescape(value)
		secrets = append(secrets, value, decoded)
	}
	// Longest first: replacing a short secret inside a longer one would leave the rest of the longer one.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	for _, secret := range secrets {
		if len(secret) >= minSecret {
			text = strings.ReplaceAll(text, secret, "REDACTED")
		}
	}
	return text
}
