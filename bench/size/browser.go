package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// pages are build tags of package browser. Each leaves one feature out.
var pages = []struct{ what, tags string }{
	{"all features", ""},
	{"without page loads", "edgespan_nopageload"},
	{"without resources", "edgespan_noresources"},
	{"without clicks", "edgespan_noclicks"},
	{"without long tasks", "edgespan_nolongtasks"},
	{"without web vitals", "edgespan_novitals"},
	{"without errors", "edgespan_noerrors"},
	{"without route changes", "edgespan_noroutechanges"},
	{"the API and requests alone", "edgespan_nopageload edgespan_noresources edgespan_noclicks edgespan_nolongtasks edgespan_novitals edgespan_noerrors edgespan_noroutechanges"},
}

// browser prints the sizes of the files that a page loads.
func browser(dir string, tiny, opt bool) {
	pageCompiler{"Go", []string{"go", "build", "-trimpath", "-ldflags=-s -w"}, []string{"GOOS=js", "GOARCH=wasm"}}.print(dir, opt)
	if tiny {
		pageCompiler{"TinyGo", []string{"tinygo", "build", "-target=wasm", "-no-debug", "-scheduler=none", "-panic=trap", "-gc=conservative", "-buildmode=c-shared"}, nil}.print(dir, opt)
	}
}

type pageCompiler struct {
	name    string
	command []string
	env     []string
}

// print prints one row per page. The page with all features has a size limit if it is built with TinyGo and wasm-opt.
func (c pageCompiler) print(dir string, opt bool) {
	fmt.Printf("\nThe browser's wasm, %s, stripped: bytes\n\n", c.name)
	w := newTable(opt)
	verdict := ""
	for _, p := range pages {
		build := func(out, pkg string) error { return c.build(p.tags, out, pkg) }
		out := filepath.Join(dir, "browser."+c.name+strings.ReplaceAll(p.tags, " ", ".")+".wasm")
		s, err := measure(compiler{name: c.name, build: build}, out, "./browser/wasm", opt)
		if err != nil {
			fmt.Fprintf(w, "-\t-\t  %s: does not build: %v\n", p.what, err)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t", grouped(s.raw), grouped(s.rawGzip))
		if opt {
			fmt.Fprintf(w, "%s\t%s\t", grouped(s.opt), grouped(s.optGzip))
		}
		fmt.Fprintf(w, "  %s\n", p.what)
		if c.name == "TinyGo" && opt && p.tags == "" {
			verdict = "\n" + bar("browser", s.opt, 150_000) + bar("gzipped", s.optGzip, 50_000)
		}
	}
	check(w.Flush())
	fmt.Print(verdict)
}

// build builds a page as `make browser` does.
func (c pageCompiler) build(tags, out, pkg string) error {
	cmd := exec.Command(c.command[0], slices.Concat(c.command[1:], []string{"-tags=edgespan_small " + tags, "-o", out, pkg})...)
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), c.env...)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, text)
	}
	return nil
}
