package workers

import (
	"net/url"
	"strings"
)

// pairs reads "name=value,name=value", as OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES have it: values are percent
// encoded, https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables. It returns
// false if some were no pairs, and leaves those out.
func pairs(text string, add func(name, value string)) (ok bool) {
	ok = true
	for text != "" {
		var pair string
		pair, text, _ = strings.Cut(text, ",")
		name, value, found := strings.Cut(pair, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		decoded, err := url.PathUnescape(value)
		switch {
		case strings.TrimSpace(pair) == "":
		case !found || name == "" || err != nil:
			ok = false
		default:
			add(name, decoded)
		}
	}
	return ok
}
