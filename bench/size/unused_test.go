package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/bench/internal/handler"
)

// optional reports whether a package of the SDK is linked only into services that use it.
func optional(name string) bool {
	for _, p := range []string{"platform/", "sdk/slogspan", "remoteconfig", "middleware/", "otelbridge"} {
		if strings.HasPrefix(name, p) && !strings.Contains(name, "internal") {
			return true
		}
	}
	return false
}

// Packages that are not imported are not linked: the plain traced handler has none of the features, and a handler with a
// feature has no other. All handlers compile.
func TestUnusedPackagesAreNotLinked(t *testing.T) {
	want := map[string][]string{"traced": nil, "traced-backend": nil, "batched": nil, "slog": {"sdk/slogspan"}, "remoteconfig": {"remoteconfig"}}
	overlay := struct{ Replace map[string]string }{map[string]string{}} // the handlers as `make size` generates them
	packages := []string{"./handlers/traced", "./handlers/traced-backend", "./handlers/batched", "./handlers/slog", "./handlers/remoteconfig"}
	for _, r := range slices.Concat(features...) {
		path, err := r.program.write(t.TempDir(), r.handler)
		if err != nil {
			t.Fatal(err)
		}
		place, err := filepath.Abs("handlers/" + r.handler + "/main.go")
		if err != nil {
			t.Fatal(err)
		}
		overlay.Replace[place] = path
		packages = append(packages, "./handlers/"+r.handler)
		want[r.handler] = nil
		for _, path := range r.program.imports {
			if name, ours := strings.CutPrefix(path, module); ours && optional(name) {
				want[r.handler] = append(want[r.handler], name)
			}
		}
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.Command("go", slices.Concat(args, packages)...)
		cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("build", "-overlay="+file)
	for line := range strings.Lines(run("list", "-overlay="+file, "-f", `{{.ImportPath}} {{join .Deps " "}}`)) {
		list := strings.Fields(line)
		handler := path.Base(list[0])
		var linked []string
		for _, pkg := range list[1:] {
			if name, ours := strings.CutPrefix(pkg, module); ours && optional(name) {
				linked = append(linked, name)
			}
		}
		if !slices.Equal(linked, want[handler]) {
			t.Errorf("%s links %q, not %q", handler, linked, want[handler])
		}
		if slices.Contains(list, "log/slog") && !slices.Contains([]string{"slog", "otelbridge", "otelbridge-untraced"}, handler) {
			t.Errorf("%s: log/slog", handler) // OpenTelemetry's API imports it
		}
		delete(want, handler)
	}
	if len(want) > 0 {
		t.Errorf("not looked at: %v", want)
	}
}

// Code for settings that a service does not use is not linked: the fields of the Configs of middleware and logendpoint, lists,
// floating-point numbers, children, times and links. A service that uses all of them has it, under these names.
func TestUnusedSettingsAreNotLinked(t *testing.T) {
	dir := t.TempDir()
	all := program{
		imports: []string{module + "sdk/compact", "time"},
		setup:   `tp.Flush(context.Background()); _ = logendpoint.Open("compact", logendpoint.Config{Format: compact.Append})`,
		config:  `RequestHeaders: []string{"Accept"}, Propagation: middleware.Propagate{}`,
		use: `_, span := trace.StartWith(ctx, "child", trace.StartConfig{Time: time.Now(), Links: []trace.Link{{}}})
	span.SetAttributes(trace.Strings("s", "a", "b"), trace.Float64("f", 1))
	span.End()`,
	}
	path, err := all.write(dir, "all")
	if err != nil {
		t.Fatal(err)
	}
	binary := func(name string) []byte {
		file := filepath.Join(dir, filepath.Base(name)+".wasm")
		if err := handler.Go(file, name); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	plain, full := binary("traced"), binary(path)
	for name, always := range map[string]bool{
		"middleware.New":                    true,
		"middleware.Config.apply":           false,
		"middleware.(*configured).ask":      false,
		"httpconv.NewRedactor":              false,
		"httpconv.(*Redactor).Headers":      false,
		"sdk/propagation.W3C":               false,
		"logendpoint.Open":                  true,
		"logendpoint.linesOf":               false,
		"logendpoint.writeLines":            false,
		"sdk/trace.truncateEach":            false,
		"sdk/trace.nextString":              false,
		"sdk/trace.appendFloat":             false,
		"sdk/trace.endChild":                false,
		"sdk/trace.endRootWithChildren":     false,
		"sdk/trace.(*SpanData).setMore":     false,
		"sdk/trace.(*SpanData).addLink":     false,
		"sdk/trace.(*TracerProvider).start": false,
	} {
		if !bytes.Contains(full, []byte(name)) {
			t.Errorf("%s: not linked by a service that asks for it", name)
		}
		if got := bytes.Contains(plain, []byte(name+"\x00")); got != always {
			t.Errorf("%s: linked %v, not %v", name, got, always)
		}
	}
}

// A Worker links only those wrapper packages that it imports.
func TestUnusedWrappersAreNotLinked(t *testing.T) {
	const wrappers = "github.com/edgespan/edgespan/workers/cloudflare"
	for handler, want := range map[string][]string{"workers": nil, "workers-kv-untraced": nil, "workers-kv": {wrappers + "/kv"}} {
		cmd := exec.Command("go", "list", "-deps", "./handlers/"+handler)
		cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(handler, err)
		}
		var linked []string
		for pkg := range strings.FieldsSeq(string(out)) {
			if strings.HasPrefix(pkg, wrappers) {
				linked = append(linked, pkg)
			}
		}
		if !slices.Equal(linked, want) {
			t.Errorf("%s links %q, not %q", handler, linked, want)
		}
	}
}

// The program that a wrapper package is compared with has the same calls without the context.
func TestWrapperIsComparedWithTheOriginal(t *testing.T) {
	rows := wrapper("x", "does it", "x.Open(ctx, 1); x.Now(ctx); f(w, ctx)")
	if got, want := rows[0].program.use, "x.Open(1); x.Now(); f(w, ctx)"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if got, want := rows[0].program.imports[0], "github.com/fastly/compute-sdk-go/x"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}
