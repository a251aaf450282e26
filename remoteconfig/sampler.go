package remoteconfig

import (
	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Trace returns config with a Sampler and a Keep that follow the document. What is missing in the document is taken from
// config. Errors in the document are reported to config.OnError.
//
// The ratios of the document apply to traces that begin here and to traces whose parent is not trusted. For other traces, the
// decision of the trusted parent applies.
func (r *Remote) Trace(config trace.Config) trace.Config {
	if r == nil {
		return config
	}
	if config.OnError == nil {
		config.OnError = fault.StderrReporter()
	}
	r.setOnError(config.OnError)
	s := &sampler{remote: r, compiled: config.Sampler}
	switch k := config.Keep.(type) {
	case trace.Keep:
		s.keep = k
	case *trace.Keep:
		if k != nil {
			s.keep = *k
		}
	}
	if s.compiled == nil {
		s.compiled = trace.ParentBased(trace.Always())
	}
	config.Sampler, config.Keep = s, trace.Keep{If: s.keeps}
	return config
}

type sampler struct {
	remote   *Remote
	compiled trace.Sampler
	keep     trace.Keep
}

// Sample asks the sampler that applies to this trace. If it says no and no rule could keep the trace, nothing is recorded.
func (s *sampler) Sample(p trace.SamplingParameters) trace.SamplingResult {
	set := s.remote.current()
	if set.off {
		result := trace.Never().Sample(p)
		result.Drop = true
		return result
	}
	result := set.samplerOf(&p, s.compiled).Sample(p)
	if !result.Sampled {
		result.Drop = result.Drop || len(set.rules) == 0 && !set.keepOf(s.keep).HasRules()
	}
	return result
}

// keeps is the provider's Keep.If. It asks the rules of trace.Keep, too, since the document may replace them.
func (s *sampler) keeps(b *trace.Batch) bool {
	set := s.remote.latest.Load()
	if set.off {
		return false // switched off since this request began
	}
	for i := range set.rules {
		if set.rules[i].matches(b) {
			return true
		}
	}
	return set.keepOf(s.keep).Matches(b)
}
