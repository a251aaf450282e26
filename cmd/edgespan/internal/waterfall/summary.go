package waterfall

import (
	"fmt"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

const numbersWidth = 56 // of a summary's columns after the name

// AppendSummary appends a table with a row for each root name and one for all.
func AppendSummary(dst []byte, sum *traces.Summary, o Options) []byte {
	d := &drawing{style: newStyle(o), dst: dst}
	rows := sum.Rows()
	name := len("root span")
	for i, r := range rows {
		if r.Name == "" {
			rows[i].Name, r.Name = "(no name)", "(no name)"
		}
		name = max(name, safetext.Width(safetext.Cut(r.Name, o.Width, d.cut)))
	}
	name = min(name, max(minName, o.Width-numbersWidth))

	line := func(title string, cells ...string) string {
		s := safetext.Fit(title, name, d.cut)
		for _, c := range cells {
			s += " " + safetext.FitRight(c, 8, "")
		}
		return s
	}
	d.print(d.dim(line("root span", "count", "errors", "p50", "p95", "p99", "max")))
	for _, r := range rows {
		d.summaryRow(r, r.Name, line)
	}
	if len(rows) != 1 {
		d.summaryRow(sum.Total(), "all", line)
	}
	return d.dst
}

func (d *drawing) summaryRow(r traces.SummaryRow, title string, line func(string, ...string) string) {
	share := "0%"
	if r.Errors > 0 {
		share = fmt.Sprintf("%.1f%%", 100*float64(r.Errors)/float64(r.Count))
	}
	t := func(v time.Duration) string { return formatDuration(v, d.micro) }
	text := line(title, fmt.Sprint(r.Count), share, t(r.P50), t(r.P95), t(r.P99), t(r.Max))
	if r.Errors > 0 {
		text = d.bad(text)
	}
	d.print(text)
}
