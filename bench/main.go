// Command bench compares the cost of a span: with Edgespan, with the OpenTelemetry SDK and its stdouttrace exporter, with
// hand-written code and encoding/json, and the lowest possible cost.
//
//	go run ./bench
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

// measured is a contestant and its results.
type measured struct {
	contestant
	windows []float64 // ns per run, one entry per round
	allocs  float64
	bytes   float64
}

func (m *measured) best() float64   { return slices.Min(m.windows) }
func (m *measured) median() float64 { return median(m.windows) }

func main() {
	rounds := flag.Int("rounds", 300, "the `number` of turns of each contestant")
	window := flag.Duration("window", time.Millisecond, "the approximate `duration` of a turn")
	only := flag.String("only", "", "run only the contestant with this `name`, for profiling")
	flag.Parse()

	var all []*measured
	for _, c := range contestants() {
		if *only == "" || *only == c.name {
			all = append(all, &measured{contestant: c})
		}
	}
	measure(all, *rounds, *window)
	if *only == "" {
		print(all)
	}
}

// measure runs the contestants in turn, in short windows. Other work on the machine then affects all of them alike, and the
// best windows show the result without short disturbances.
func measure(all []*measured, rounds int, window time.Duration) {
	times := make([]int, len(all))
	for i, m := range all {
		for range 1000 {
			m.run() // fill caches and pools, and train the branch predictor
		}
		start := time.Now()
		for range 1000 {
			m.run()
		}
		times[i] = max(1, int(window/(time.Since(start)/1000)))
		m.allocs, m.bytes = memoryOf(m.run)
	}
	for range rounds {
		for i, m := range all {
			start := time.Now()
			for range times[i] {
				m.run()
			}
			m.windows = append(m.windows, float64(time.Since(start))/float64(times[i]))
		}
	}
}

// memoryOf returns the allocations and the allocated bytes per run.
func memoryOf(run func()) (allocs, bytes float64) {
	const runs = 4096
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		run()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / runs, float64(after.TotalAlloc-before.TotalAlloc) / runs
}

// print prints the table, and whether the results meet the project's limits.
func print(all []*measured) {
	floor, ours, hand, otel := all[0], all[1], all[2], all[3]
	fmt.Printf("One server span with five attributes, ended, encoded, written to memory. %s, %s/%s.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Printf("Best and median of %d interleaved turns; the ratios are of the best.\n\n", len(ours.windows))
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "ns best\tns median\tallocs\tB heap\tB line\t× Edgespan\t× floor\t  ")
	for _, m := range all {
		fmt.Fprintf(w, "%.0f\t%.0f\t%.2f\t%.0f\t%d\t%.2f\t%.2f\t  %s\n", m.best(), m.median(), m.allocs, m.bytes, m.out.length,
			m.best()/ours.best(), m.best()/floor.best(), m.name)
	}
	_ = w.Flush()
	fmt.Println()
	bar := func(what string, value, limit float64, atMost bool) {
		met, sign := value >= limit, "≥"
		if atMost {
			met, sign = value <= limit, "≤"
		}
		word := "met"
		if !met {
			word = "NOT MET"
		}
		fmt.Printf("%-48s %6.2f  (%s %g)  %s\n", what, value, sign, limit, word)
	}
	bar("times faster than OpenTelemetry SDK + stdouttrace", otel.best()/ours.best(), 30, false)
	bar("times faster than encoding/json by hand", hand.best()/ours.best(), 6, false)
	bar("allocations", ours.allocs, 1, true)
	bar("times the floor", ours.best()/floor.best(), 3, true)
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}
