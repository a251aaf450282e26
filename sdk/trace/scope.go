package trace

// Scope names the code that made a span: a library's name and version.
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

// ScopeName is the instrumentation scope of spans that name no other.
const ScopeName = "github.com/edgespan/edgespan"

// DefaultScope returns the scope that a span without a [Scope] is written with.
func DefaultScope() Scope { return Scope{Name: ScopeName, Version: Version} }
