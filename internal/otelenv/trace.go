package otelenv

import (
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Trace returns the settings of a provider, without its exporter.
func (r *Reader) Trace() (config trace.Config) {
	_, config.ServiceName = r.First("OTEL_SERVICE_NAME")
	for _, pair := range r.Pairs("OTEL_RESOURCE_ATTRIBUTES") {
		if name, value := pair[0], pair[1]; name != "service.name" || config.ServiceName == "" {
			config.Resource = append(config.Resource, trace.String(name, value))
		}
	}
	config.Sampler = r.sampler()
	config.Limits = trace.Limits{
		Attributes:           r.Count("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"),
		AttributeValueLength: r.Count("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
		Events:               r.Count("OTEL_SPAN_EVENT_COUNT_LIMIT"),
		Links:                r.Count("OTEL_SPAN_LINK_COUNT_LIMIT"),
		AttributesPerEvent:   r.Count("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT"),
		AttributesPerLink:    r.Count("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"),
	}
	return config
}

const samplerName, samplerArg = "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"

// sampler returns the sampler that the variables name, or nil if there is none or it is not understood. parentbased_ follows
// only parents that TrustParent trusts.
func (r *Reader) sampler() (sampler trace.Sampler) {
	_, value := r.First(samplerName)
	name, parent := strings.CutPrefix(strings.ToLower(value), "parentbased_")
	switch name {
	case "always_on":
		sampler = trace.Always()
	case "always_off":
		sampler = trace.Never()
	case "traceidratio":
		ratio := 1.0
		if _, arg := r.First(samplerArg); arg != "" {
			var err error
			if ratio, err = strconv.ParseFloat(arg, 64); err != nil || !(0 <= ratio && ratio <= 1) {
				ratio = 1
				r.Bad(samplerArg)
			}
		}
		sampler = trace.Ratio(ratio)
	default:
		if value != "" {
			r.Bad(samplerName)
		}
		return nil
	}
	if parent {
		sampler = trace.ParentBased(sampler)
	}
	return sampler
}
