package traces

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Summary counts requests by the name of their root, in bounded memory.
type Summary struct {
	groups map[string]*group
	total  group
}

// SummaryRow has the counts of requests with one root name.
type SummaryRow struct {
	Name               string
	Count, Errors      int
	P50, P95, P99, Max time.Duration
}

const (
	maxGroups  = 1000    // root names; without a route template there may be one per request
	maxSamples = 1 << 12 // durations in a group: up to this number percentiles are exact, above it they are those of a sample
	otherGroup = "(others)"
)

type group struct {
	count, errors int
	max           time.Duration
	samples       []time.Duration
	random        *rand.Rand
}

// Add counts a request by the name of its root. It ignores the rest of a request that was counted before.
func (s *Summary) Add(r Request) {
	if r.Rest {
		return
	}
	if s.groups == nil {
		s.groups = map[string]*group{}
	}
	name := r.Root.Name
	g := s.groups[name]
	if g == nil {
		if len(s.groups) >= maxGroups {
			name = otherGroup
			g = s.groups[name]
		}
		if g == nil {
			g = &group{}
			s.groups[name] = g
		}
	}
	took, failed := r.Duration(), r.Errors() > 0
	g.add(took, failed)
	s.total.add(took, failed)
}

// Rows returns a row for each name, the most frequent first.
func (s *Summary) Rows() []SummaryRow {
	rows := make([]SummaryRow, 0, len(s.groups))
	for name, g := range s.groups {
		rows = append(rows, g.row(name))
	}
	slices.SortFunc(rows, func(a, b SummaryRow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	return rows
}

// Total returns the row of all requests.
func (s *Summary) Total() SummaryRow { return s.total.row("") }

func (g *group) add(d time.Duration, failed bool) {
	g.count++
	if failed {
		g.errors++
	}
	g.max = max(g.max, d)
	if len(g.samples) < maxSamples {
		g.samples = append(g.samples, d)
		return
	}
	// Every duration so far has the same chance to be in the sample. The seed is fixed, so the same input gives the same output.
	if g.random == nil {
		g.random = rand.New(rand.NewPCG(1, 2))
	}
	if i := g.random.IntN(g.count); i < maxSamples {
		g.samples[i] = d
	}
}

func (g *group) row(name string) SummaryRow {
	slices.Sort(g.samples)
	return SummaryRow{
		Name: name, Count: g.count, Errors: g.errors, Max: g.max,
		P50: percentile(g.samples, 50), P95: percentile(g.samples, 95), P99: percentile(g.samples, 99),
	}
}

// percentile takes the nearest rank, so the result is always one of the durations.
func percentile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[max(1, rank)-1]
}
