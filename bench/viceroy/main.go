// Command viceroy compares the latency of the same handler on Viceroy, Fastly's local Compute host: untraced, traced with
// Edgespan, with a line made by encoding/json, and traced with the OpenTelemetry SDK.
//
//	VICEROY=/path/to/viceroy go run ./bench/viceroy
//
// Every handler has its own Viceroy process and connection, and every request a fresh sandbox. The handlers run in turn, in
// short batches, so that other work on the machine affects all of them alike.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/edgespan/edgespan/bench/internal/handler"
	"github.com/edgespan/edgespan/internal/child"
)

// The others are compared with the first. The second must not exceed bar times the first.
var names = []string{"untraced", "traced", "byhand", "opentelemetry"}

const bar = 1.03

// host is a Viceroy process that serves one handler.
type host struct {
	name      string
	cmd       *exec.Cmd
	url       string
	client    *http.Client
	latencies []time.Duration
}

func main() {
	rounds := flag.Int("rounds", 80, "the `number` of turns of each handler")
	batch := flag.Int("batch", 20, "the `number` of requests in a turn")
	path := flag.String("viceroy", cmp.Or(os.Getenv("VICEROY"), "viceroy"), "the `path` of Viceroy")
	flag.Parse()
	if err := run(*path, *rounds, *batch); err != nil {
		fmt.Fprintln(os.Stderr, "viceroy:", err)
		os.Exit(1)
	}
}

func run(viceroy string, rounds, batch int) error {
	dir, err := os.MkdirTemp("", "edgespan-viceroy-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var hosts []*host
	defer func() {
		for _, h := range hosts {
			_ = h.cmd.Process.Kill()
			_ = h.cmd.Wait()
		}
	}()
	for _, name := range names {
		wasm := filepath.Join(dir, name+".wasm")
		if err := handler.Go(wasm, name); err != nil {
			return err
		}
		h, err := start(viceroy, name, wasm)
		if err != nil {
			return err
		}
		hosts = append(hosts, h)
	}
	for _, h := range hosts {
		if err := h.ask(batch); err != nil { // warm up: compile the code and open the connection
			return err
		}
		h.latencies = nil
	}
	for range rounds {
		for _, h := range hosts {
			if err := h.ask(batch); err != nil {
				return err
			}
		}
	}
	print(hosts)
	return nil
}

var listening = regexp.MustCompile(`Listening on (http://\S+)`)

// start starts Viceroy on a free port. Its output goes to a file, so that nobody has to read it while requests are measured.
func start(viceroy, name, wasm string) (*host, error) {
	log, err := os.Create(wasm + ".log")
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(viceroy, "serve", "--addr", "127.0.0.1:0", wasm)
	cmd.Env = append(os.Environ(), "RUST_LOG=viceroy=error,viceroy_lib=error,viceroy_lib::service=info")
	cmd.Stdout, cmd.Stderr = log, log
	child.EndWithParent(cmd)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for range 600 {
		time.Sleep(100 * time.Millisecond)
		text, err := os.ReadFile(log.Name())
		if err != nil {
			return nil, err
		}
		if m := listening.FindSubmatch(text); m != nil {
			client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1, DisableCompression: true, DialContext: dial}, Timeout: 10 * time.Second}
			return &host{name: name, cmd: cmd, url: string(m[1]), client: client}, nil
		}
	}
	text, _ := os.ReadFile(log.Name())
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	return nil, fmt.Errorf("%s does not listen:\n%s", viceroy, text)
}

// ask sends n requests one after the other, and records the time of each until its last byte.
func (h *host) ask(n int) error {
	for range n {
		start := time.Now()
		resp, err := h.client.Get(h.url + "/api/items/7?q=1")
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
		h.latencies = append(h.latencies, time.Since(start))
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answers %s", h.name, resp.Status)
		}
	}
	return nil
}

// quantile returns the latency in milliseconds that the given share of the requests does not exceed.
func (h *host) quantile(share float64) float64 {
	s := slices.Sorted(slices.Values(h.latencies))
	return float64(s[int(share*float64(len(s)-1))]) / 1e6
}

func print(hosts []*host) {
	fmt.Printf("Time to last byte on Viceroy, ms: one connection, a fresh sandbox for each of %d requests.\n\n", len(hosts[0].latencies))
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "p10\tmedian\tp90\tmedian / untraced\t  ")
	ratio := func(h *host) float64 { return h.quantile(0.5) / hosts[0].quantile(0.5) }
	for _, h := range hosts {
		fmt.Fprintf(w, "%.2f\t%.2f\t%.2f\t%.3f\t  %s\n", h.quantile(0.1), h.quantile(0.5), h.quantile(0.9), ratio(h), h.name)
	}
	_ = w.Flush()
	word := "met"
	if ratio(hosts[1]) > bar {
		word = "NOT MET"
	}
	fmt.Printf("\ntraced / untraced  %.3f  (≤ %g)  %s\n", ratio(hosts[1]), bar, word)
}
