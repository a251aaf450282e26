package otlpanswer

import (
	"net/url"
	"slices"
	"strings"
)

// minSecret is the length from which a value is looked for: shorter ones would be found in any text.
const minSecret = 4

// Hide takes the values of headers and of the query of the receiver's URL, where some have their keys, out of a text that a receiver or a
// transport may have put them into. Of a header's value of two words, such as "Bearer x", the second counts as well; of one in the query also
// what it is decoded.
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
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) }) // one within another would leave the rest of that
	for _, secret := range secrets {
		if len(secret) >= minSecret {
			text = strings.ReplaceAll(text, secret, "REDACTED")
		}
	}
	return text
}
