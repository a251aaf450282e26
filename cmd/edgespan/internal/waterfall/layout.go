package waterfall

import (
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/sdk/trace"
)

// columns are the widths of a row's parts, in cells.
type columns struct {
	name, kind, bar, duration, status int
	levels                            int // levels of the tree that are drawn
}

const (
	margin        = 2 // before each row
	guideWidth    = 3 // of one level of the tree
	durationWidth = 7
	minName       = 14
	minBar        = 12
)

func newColumns(width int, rows []traces.Row, wide func(traces.Row) string) columns {
	c := columns{duration: durationWidth}
	maxName := max(minName, (width-margin)*2/5)
	c.levels = max(2, (maxName-minName)/guideWidth)
	for _, r := range rows {
		name := min(r.Depth, c.levels) * guideWidth
		if name < maxName {
			name += safetext.Width(safetext.Cut(r.Span.Name, maxName, ""))
		}
		c.name = max(c.name, min(name, maxName))
		c.kind = max(c.kind, len(kindText(r.Span.Kind)))
		c.status = max(c.status, safetext.Width(wide(r)))
	}
	c.name = max(c.name, minName)
	rest := func() int {
		w := width - margin - c.name - 1 - c.duration - 1
		if c.kind > 0 {
			w -= c.kind + 1
		}
		if c.status > 0 {
			w -= c.status + 2
		}
		return w - 1
	}
	if rest() < minBar {
		c.kind = 0
	}
	if rest() < minBar {
		c.name = max(minName, c.name-(minBar-rest()))
	}
	c.bar = max(rest(), 1) // at minWidth, with the longest status
	return c
}

// kindText names the kinds that are worth showing.
func kindText(k trace.SpanKind) string {
	switch k {
	case trace.SpanKindUnspecified, trace.SpanKindInternal:
		return ""
	}
	return k.String()
}
