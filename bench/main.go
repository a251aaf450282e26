// Command bench puts side by side, in one run, what a span costs: with Edgespan, with the OpenTelemetry SDK and its
// stdouttrace exporter, with encoding/json by hand, and at the least.
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

// measured is what came out for a contestant.
type measured struct {
	contestant
	windows []float64 // ns of one run, for each round
	allocs  float64
	bytes   float64
}

func (m *measured) best() float64   { return slices.Min(m.windows) }
func (m *measured) median() float64 { return median(m.windows) }

func main() {
	rounds := flag.Int("rounds", 300, "how often each contestant has its turn")
	window := flag.Duration("window", time.Millisecond, "about how long a turn is")
	only := flag.String("only", "", "run just the contestant of this name, for a profiler")
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

// measure lets the contestants take turns in short windows, so that what else the machine does hits all of them alike, and
// what it does in bursts can be left out by looking at the best windows.
func measure(all []*measured, rounds int, window time.Duration) {
	times := make([]int, len(all))
	for i, m := range all {
		for range 1000 {
			m.run() // caches, pools and the branch predictor find their state
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

// memoryOf returns the allocations and bytes of one run.
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

// print writes the table, and the bars that it is held against.
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
