package otlphttp

import "github.com/edgespan/edgespan/internal/otlpanswer"

// judge reads the response to a request with this number of spans. hide removes secrets from texts. The error is nil only if
// everything is right.
func judge(r *Response, spans int, hide func(text string) string) (o otlpanswer.Outcome, rejected int, err error) {
	o, rejected, message := otlpanswer.Read(r.Status, r.ContentType, r.Body, otlpanswer.RejectedSpans, spans, hide)
	switch {
	case o == otlpanswer.Taken && rejected == 0 && message == "":
		return o, 0, nil
	case o == otlpanswer.Taken:
		return o, rejected, &partialError{rejected, message}
	case r.Status >= 200 && r.Status <= 299:
		return o, 0, errNotOTLP
	}
	return o, rejected, &statusError{r.Status, message}
}
