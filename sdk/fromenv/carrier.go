package fromenv

import "strings"

// Headers returns the variables that stand for a propagator's headers, which are its Fields, as headers that it can read:
//
//	ctx, parent := propagation.W3C{}.Extract(ctx, fromenv.Headers(os.Getenv, propagation.W3C{}.Fields()))
//	ctx, root := tp.StartRoot(ctx, "import", &trace.RootConfig{Parent: parent, TrustParent: true})
//
// traceparent is in TRACEPARENT, X-B3-TraceId in X_B3_TRACEID: https://opentelemetry.io/docs/specs/otel/context/env-carriers/.
func Headers(get func(name string) string, fields []string) map[string][]string {
	h := map[string][]string{}
	for _, field := range fields {
		if value := get(variable(field)); value != "" {
			h[field] = []string{value}
		}
	}
	return h
}

// Variables is the inverse of [Headers]: it returns what a propagator has injected as "NAME=value", for the environment of a process that
// is to be started, behind this one's. Of its fields those that it has not injected are there without a value, so that none is inherited
// from a trace of before. Values of one header are joined by commas.
func Variables(h map[string][]string, fields []string) []string {
	var list []string
	for _, field := range fields {
		list = append(list, variable(field)+"="+strings.Join(h[field], ","))
	}
	return list
}

// variable returns the name that stands for a header's: letters in capitals, digits, and _ for all else.
func variable(name string) string {
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "_" + name
	}
	return strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z':
			return c - 'a' + 'A'
		case 'A' <= c && c <= 'Z' || '0' <= c && c <= '9':
			return c
		}
		return '_'
	}, name)
}
