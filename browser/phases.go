package browser

// phase is a part of a page load, between two fields of PerformanceNavigationTiming:
// https://www.w3.org/TR/navigation-timing-2/.
type phase struct {
	name     string
	from, to string
	network  bool // left out if it took no time, because the connection was open already
}

var phases = []phase{
	{"dns", "domainLookupStart", "domainLookupEnd", true},
	{"tcp", "connectStart", "connectEnd", true},
	{"tls", "secureConnectionStart", "connectEnd", true},
	{"request", "requestStart", "responseStart", false},
	{"response", "responseStart", "responseEnd", false},
	{"dom", "responseEnd", "domComplete", false},
	{"load", "loadEventStart", "loadEventEnd", false},
}

// times returns a phase's times in milliseconds, and false if the load had no such phase. TCP ends when TLS begins.
func (p *phase) times(field func(string) float64) (from, to float64, ok bool) {
	from, to = field(p.from), field(p.to)
	if tls := field("secureConnectionStart"); p.name == "tcp" && tls > 0 {
		to = tls
	}
	return from, to, from > 0 && (to > from || to == from && !p.network)
}

// layoutShift is Cumulative Layout Shift: the largest sum over a window of shifts that are less than 1 s apart, and 5 s long at
// most. See https://web.dev/articles/cls.
type layoutShift struct{ window, first, last, worst float64 }

func (c *layoutShift) add(at, value float64) {
	if c.window == 0 || at-c.last >= 1000 || at-c.first >= 5000 {
		c.window, c.first = 0, at
	}
	c.window += value
	c.last = at
	c.worst = max(c.worst, c.window)
}
