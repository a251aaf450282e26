// Command run builds the example Worker and runs it in workerd with a KV namespace, a service for prices and a collector. It
// sends some requests, and writes the traces that the collector gets to stdout, one per line.
//
//	run MINIFLARE
//
// MINIFLARE is the path that scripts/install-miniflare.sh prints.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/edgespan/edgespan/e2e/workers/host"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: run MINIFLARE")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
		os.Exit(1)
	}
}

func run(miniflare string) error {
	build, err := os.MkdirTemp("", "edgespan-example-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(build) }()
	fmt.Fprintln(os.Stderr, "building workers/example")
	if err := host.Build(build, ".", "github.com/edgespan/edgespan/workers/example"); err != nil {
		return err
	}
	collector := host.NewCollector()
	defer collector.Close()
	prices := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(20 * time.Millisecond)
		_, _ = io.WriteString(w, `{"amount":1200,"currency":"EUR"}`)
	}))
	defer prices.Close()

	h, err := host.Start(miniflare, host.Config{Build: build, Options: map[string]any{
		"kvNamespaces": []string{"ITEMS"},
		"bindings":     map[string]any{"OTLP_COLLECTOR_URL": collector.URL, "OTEL_SERVICE_NAME": "edgespan-example", "PRICES_URL": prices.URL},
	}})
	if err != nil {
		return err
	}
	defer func() { _ = h.Stop() }()
	for _, ask := range [][3]string{{"PUT", "/items/7", "a lamp"}, {"GET", "/items/7", ""}, {"GET", "/items/8", ""}} {
		req, err := http.NewRequest(ask[0], h.URL+ask[1], strings.NewReader(ask[2]))
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		fmt.Fprintf(os.Stderr, "%s %s: %s %s\n", ask[0], ask[1], resp.Status, strings.TrimSpace(string(body)))
		if _, ok := collector.Next(time.Minute); !ok {
			return fmt.Errorf("no trace has come: %s", strings.Join(append(h.Err(), h.Out()...), "\n"))
		}
	}
	for _, post := range collector.Posts() {
		fmt.Println(string(post.Body))
	}
	return nil
}
