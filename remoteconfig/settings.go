package remoteconfig

import (
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// settings is a document. It never changes. The zero value is one that says nothing.
type settings struct {
	off    bool
	ratio  trace.Sampler            // nil where nothing is said
	routes map[string]trace.Sampler // by route, or method and route

	errors     *bool
	slowerThan *time.Duration
	rules      []rule

	// nil where nothing is said
	requestHeaders, responseHeaders []string
}

// samplerOf returns the sampler for a span of that name, which is "{method} {route}" where the route is known. compiled is what
// holds where nothing is said.
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

// cutMethod splits "{method} {route}". The method is "" where there is none.
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

// keepOf returns which rules hold, of those that are compiled in and those of the document.
func (s *settings) keepOf(compiled trace.Keep) trace.Keep {
	if s.errors != nil {
		compiled.Errors = *s.errors
	}
	if s.slowerThan != nil {
		compiled.SlowerThan = *s.slowerThan
	}
	return compiled
}
