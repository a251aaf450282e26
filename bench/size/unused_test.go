package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// What is not imported costs nothing: the plain traced handler links none of what the rows below it are about, and each of those
// its own package alone.
func TestUnusedIsNotLinked(t *testing.T) {
	for handler, own := range map[string]string{
		"traced": "", "traced-backend": "",
		"kv": "platform/kvstore", "config": "platform/configstore", "secret": "platform/secretstore", "cache": "platform/cache/core",
		"slog": "sdk/slogspan", "remoteconfig": "remoteconfig",
	} {
		cmd := exec.Command("go", "list", "-deps", "./handlers/"+handler)
		cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(handler, err)
		}
		var linked []string
		for pkg := range strings.FieldsSeq(string(out)) {
			name, ours := strings.CutPrefix(pkg, "github.com/edgespan/edgespan/")
			if ours && !strings.Contains(name, "internal") && (strings.HasPrefix(name, "platform/") || name == "sdk/slogspan" || name == "remoteconfig") {
				linked = append(linked, name)
			}
		}
		var want []string
		if own != "" {
			want = []string{own}
		}
		if !slices.Equal(linked, want) {
			t.Errorf("%s links %q, not %q", handler, linked, want)
		}
		if slices.Contains(strings.Fields(string(out)), "log/slog") != (handler == "slog") {
			t.Errorf("%s: log/slog", handler)
		}
	}
}

// A Worker links those twins that it imports.
func TestUnusedTwinsAreNotLinked(t *testing.T) {
	const twins = "github.com/edgespan/edgespan/workers/cloudflare"
	for handler, want := range map[string][]string{"workers": nil, "workers-kv-untraced": nil, "workers-kv": {twins + "/kv"}} {
		cmd := exec.Command("go", "list", "-deps", "./handlers/"+handler)
		cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(handler, err)
		}
		var linked []string
		for pkg := range strings.FieldsSeq(string(out)) {
			if strings.HasPrefix(pkg, twins) {
				linked = append(linked, pkg)
			}
		}
		if !slices.Equal(linked, want) {
			t.Errorf("%s links %q, not %q", handler, linked, want)
		}
	}
}
