package otlpanswer

import "strings"

// minSecret is the length from which a header's value is looked for: shorter ones would be found in any text.
const minSecret = 4

// Hide takes a header's value out of a text, which a receiver or a transport may have put there. Of a value of two words, such
// as "Bearer x", the second counts as well.
func Hide(text, value string) string {
	text = hide(text, value)
	if _, word, ok := strings.Cut(value, " "); ok {
		text = hide(text, word)
	}
	return text
}

// HideQuery takes the values of a URL's query out of a text, as Hide does those of headers: some receivers have their keys there.
func HideQuery(text, url string) string {
	_, query, _ := strings.Cut(url, "?")
	for pair := range strings.SplitSeq(query, "&") {
		_, value, _ := strings.Cut(pair, "=")
		text = hide(text, value)
	}
	return text
}

func hide(text, secret string) string {
	if len(secret) < minSecret {
		return text
	}
	return strings.ReplaceAll(text, secret, "REDACTED")
}
