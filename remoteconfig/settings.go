package remoteconfig

import (
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// settings holds the contents of a document. It never changes. The zero value is an empty document.
type settings struct {
	off    bool
	ratio  trace.Sampler            // nil if missing
	routes map[string]trace.Sampler // by route, or by method and route

	errors     *bool
	slowerThan *time.Duration
	rules      []rule

	// nil if missing
	requestHeaders, responseHeaders []string
}

// samplerOf returns the sampler for a new root. The name of a server span is "{method} {route}" if the route is known. compiled
// is the sampler that applies if the document has none.
func (s *settings) samplerOf(p *trace.SamplingParameters, compiled trace.Sampler) trace.Sampler {
	if p.Kind == trace.SpanKindServer && len(s.routes) > 0 {
		if sampler := s.routes[p.Name]; sampler != nil {
			return sampler
		}
		if _, route := cutMethod(p.Name); route != "" {
			if sampler := s.routes[route]; sampler != nil {
				return sampler
			}
		}
	}
	if s.ratio != nil {
		return s.ratio
	}
	return compiled
}

// cutMethod splits "{method} {route}". The method is "" if there is none.
func cutMethod(name string) (method, route string) {
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == ' ' && i > 0:
			return name[:i], name[i+1:]
		case c < 'A' || c > 'Z':
			return "", name
		}
	}
	return "", name
}

// keepOf returns the compiled-in rules, with those that the document replaces.
func (s *settings) keepOf(compiled trace.Keep) trace.Keep {
	if s.errors != nil {
		compiled.Errors = *s.errors
	}
	if s.slowerThan != nil {
		compiled.SlowerThan = *s.slowerThan
	}
	return compiled
}
