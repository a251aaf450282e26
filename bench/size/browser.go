package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// browser prints the sizes of what a page loads, with all features in. It has to be small with TinyGo and wasm-opt.
func browser(dir string, tiny, opt bool) {
	fmt.Print("\nThe browser's wasm, stripped, all features: bytes\n\n")
	for _, c := range []struct {
		name string
		run  bool
		args []string
	}{
		{"Go", true, []string{"go", "build", "-trimpath", "-ldflags=-s -w"}},
		{"TinyGo", tiny, []string{"tinygo", "build", "-target=wasm", "-no-debug", "-scheduler=none", "-panic=trap", "-buildmode=c-shared"}},
	} {
		if !c.run {
			continue
		}
		out := filepath.Join(dir, "browser."+c.name+".wasm")
		s, err := measure(compiler{name: c.name, build: func(out, pkg string) error {
			cmd := exec.Command(c.args[0], append(c.args[1:], "-o", out, pkg)...)
			cmd.Env = append(os.Environ(), "GOWORK=off")
			if c.name == "Go" {
				cmd.Env = append(cmd.Env, "GOOS=js", "GOARCH=wasm")
			}
			if text, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("%w\n%s", err, text)
			}
			return nil
		}}, out, "./browser/wasm", opt)
		if err != nil {
			fmt.Printf("%-7s does not build: %v\n", c.name, err)
			continue
		}
		fmt.Printf("%-7s %9s raw, %s gzip -9\n", c.name, grouped(s.raw), grouped(s.rawGzip))
		if opt {
			fmt.Printf("%-7s %9s wasm-opt -Oz, %s gzip -9\n", "", grouped(s.opt), grouped(s.optGzip))
			if c.name == "TinyGo" {
				fmt.Print(bar("browser", s.opt, 150_000), bar("gzipped", s.optGzip, 50_000))
			}
		}
	}
}
