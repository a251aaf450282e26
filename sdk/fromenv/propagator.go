package fromenv

import (
	"slices"
	"strings"

	"github.com/edgespan/edgespan/internal/otelenv"
	"github.com/edgespan/edgespan/sdk/propagation"
)

// Propagator returns the propagators that OTEL_PROPAGATORS names, in that order: tracecontext, baggage, b3, b3multi, xray,
// jaeger, or none. The default is tracecontext,baggage.
func Propagator(get func(name string) string) (propagation.Composite, error) {
	r := otelenv.Reader{Get: get}
	variable, names := r.First("OTEL_PROPAGATORS")
	var all propagation.Composite
	none := false
	for name := range strings.SplitSeq(strings.ToLower(names), ",") {
		var p propagation.Propagator
		switch strings.TrimSpace(name) {
		case "tracecontext":
			p = propagation.W3C{}
		case "baggage":
			p = propagation.Baggage{}
		case "b3":
			p = propagation.B3{}
		case "b3multi":
			p = propagation.B3{Multi: true}
		case "xray":
			p = propagation.XRay{}
		case "jaeger":
			p = propagation.Jaeger{}
		case "none":
			none = true
			continue
		case "":
			continue
		default:
			r.Bad(variable)
			continue
		}
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	switch {
	case none:
		all = nil
	case all == nil:
		all = propagation.Composite{propagation.W3C{}, propagation.Baggage{}}
	}
	return all, r.Err("fromenv.Propagator")
}
