package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// AppendResource appends r as an object: the value of "resource" in a line of any signal. With it, a service's logs name the
// same resource as its spans.
func AppendResource(dst []byte, r *trace.Resource) []byte { return appendResource(dst, r) }
