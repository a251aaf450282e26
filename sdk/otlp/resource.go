package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// AppendResource appends r as an object: the value of "resource", which lines of all signals have, so that a service's logs
// name it exactly as its spans do.
func AppendResource(dst []byte, r *trace.Resource) []byte {
	dst = append(dst, '{')
	if r != nil && len(r.Attributes) > 0 {
		dst = appendAttributes(append(dst, `"attributes":`...), r.Attributes)
	}
	return append(dst, '}')
}
