package trace

// Scope names the code that made a span: the name and version of a library,
// https://opentelemetry.io/docs/specs/otel/common/instrumentation-scope/.
type Scope struct {
	Name    string
	Version string
}

func (s *Scope) clone() *Scope {
	if s == nil {
		return nil
	}
	c := *s
	return &c
}

// ScopeName is the name of the instrumentation scope of spans that have no [Scope] of their own.
const ScopeName = "github.com/edgespan/edgespan"

// DefaultScope returns the scope that encoders write for a span without a [Scope].
func DefaultScope() Scope { return Scope{Name: ScopeName, Version: Version} }
