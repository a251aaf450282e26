package fromenv

import "strings"

// Headers returns the headers that environment variables carry, for a propagator to read. fields is the result of the
// propagator's Fields. So a program can continue the trace of the process that has started it:
//
//	ctx, parent := propagation.W3C{}.Extract(ctx, fromenv.Headers(os.Getenv, propagation.W3C{}.Fields()))
//	ctx, root := tp.StartRoot(ctx, "import", &trace.RootConfig{Parent: parent, TrustParent: true})
//
// The header traceparent is in TRACEPARENT, and X-B3-TraceId is in X_B3_TRACEID:
// https://opentelemetry.io/docs/specs/otel/context/env-carriers/.
func Headers(get func(name string) string, fields []string) map[string][]string {
	h := map[string][]string{}
	for _, field := range fields {
		if value := get(variable(field)); value != "" {
			h[field] = []string{value}
		}
	}
	return h
}

// Variables is the inverse of [Headers]. It returns the headers that a propagator has injected into h as "NAME=value". Append
// the result to the environment of a process that you start. A field that the propagator has not injected is included without a
// value, so that the process does not inherit it from an earlier trace. Several values of one header are joined by commas.
func Variables(h map[string][]string, fields []string) []string {
	var list []string
	for _, field := range fields {
		list = append(list, variable(field)+"="+strings.Join(h[field], ","))
	}
	return list
}

// variable returns the name of the variable for a header: letters in upper case, digits, and _ for anything else.
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
