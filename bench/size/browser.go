package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// pages are the browser's build tags, each of which leaves a feature out.
var pages = []struct{ what, tags string }{
	{"all features", ""},
	{"without page loads", "edgespan_nopageload"},
	{"without resources", "edgespan_noresources"},
	{"without clicks", "edgespan_noclicks"},
	{"without long tasks", "edgespan_nolongtasks"},
	{"without web vitals", "edgespan_novitals"},
	{"without errors", "edgespan_noerrors"},
	{"the API and requests alone", "edgespan_nopageload edgespan_noresources edgespan_noclicks edgespan_nolongtasks edgespan_novitals edgespan_noerrors"},
}

// browser prints the sizes of what a page loads. With all features in it has to be small with TinyGo and wasm-opt.
func browser(dir string, tiny, opt bool) {
	for _, c := range []struct {
		name string
		run  bool
		args []string
	}{
		{"Go", true, []string{"go", "build", "-trimpath", "-ldflags=-s -w"}},
		{"TinyGo", tiny, []string{"tinygo", "build", "-target=wasm", "-no-debug", "-scheduler=none", "-panic=trap", "-gc=conservative", "-buildmode=c-shared"}},
	} {
		if !c.run {
			continue
		}
		fmt.Printf("\nThe browser's wasm, %s, stripped: bytes\n\n", c.name)
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprint(w, "raw\tgzip -9\t")
		if opt {
			fmt.Fprint(w, "wasm-opt -Oz\tgzip -9\t")
		}
		fmt.Fprintln(w, "  ")
		verdict := ""
		for _, p := range pages {
			s, err := measure(compiler{name: c.name, build: func(out, pkg string) error {
				cmd := exec.Command(c.args[0], append(c.args[1:], "-tags=edgespan_small "+p.tags, "-o", out, pkg)...) // as make browser has it
				cmd.Env = append(os.Environ(), "GOWORK=off")
				if c.name == "Go" {
					cmd.Env = append(cmd.Env, "GOOS=js", "GOARCH=wasm")
				}
				if text, err := cmd.CombinedOutput(); err != nil {
					return fmt.Errorf("%w\n%s", err, text)
				}
				return nil
			}}, filepath.Join(dir, "browser."+c.name+strings.ReplaceAll(p.tags, " ", ".")+".wasm"), "./browser/wasm", opt)
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
}
