// Package docs tests that the pages of documentation agree with the code.
package docs

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// pages returns README.md and the pages below docs, by their path from the root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	read := func(path string) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		name, err := filepath.Rel(root, path)
		require.NoError(t, err)
		texts[filepath.ToSlash(name)] = string(text)
	}
	read(root + "/README.md")
	require.NoError(t, filepath.WalkDir(root+"/docs", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			read(path)
		}
		return err
	}))
	require.Greater(t, len(texts), 5)
	return texts
}

var (
	block    = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")
	packaged = regexp.MustCompile(`(?m)^package \w+$`)
	inTicks  = regexp.MustCompile("`([\\w./-]+)`")
)

// Every program on a page compiles for its platform, and go vet finds nothing in it.
func TestPrograms(t *testing.T) {
	for name, text := range pages(t) {
		for i, m := range block.FindAllStringSubmatch(text, -1) {
			code := m[1]
			if !packaged.MatchString(code) {
				continue
			}
			t.Run(strings.ReplaceAll(name, "/", "_"), func(t *testing.T) {
				dir := t.TempDir()
				file, env := filepath.Join(dir, "main.go"), []string{"GOOS=wasip1", "GOARCH=wasm"}
				if strings.Contains(code, `"testing"`) {
					file, env = filepath.Join(dir, "page_test.go"), nil
				}
				require.NoError(t, os.WriteFile(file, []byte(code), 0o600))
				formatted, err := exec.Command("gofmt", "-l", file).CombinedOutput()
				require.NoError(t, err, "%s", formatted)
				assert.Empty(t, string(formatted), "block %d is not as gofmt has it", i)
				vet := exec.Command("go", "vet", file)
				vet.Dir = root
				vet.Env = append(os.Environ(), env...)
				out, err := vet.CombinedOutput()
				assert.NoError(t, err, "block %d: %s", i, out)
			})
		}
	}
}

// Each page about a feature has a program, on the page or in a Go file or folder that the page names.
func TestEachPageHasAProgram(t *testing.T) {
	for name, text := range pages(t) {
		if strings.HasPrefix(name, "docs/recipes/") || name == "README.md" || name == "docs/collector.md" || name == "docs/capacity.md" {
			continue // the Collector is configured, and its configurations are validated with it
		}
		has := false
		for _, m := range block.FindAllStringSubmatch(text, -1) {
			has = has || packaged.MatchString(m[1])
		}
		for _, m := range inTicks.FindAllStringSubmatch(text, -1) {
			has = has || isProgram(filepath.Join(root, m[1]))
		}
		assert.True(t, has, "%s neither has nor names a program", name)
	}
}

func isProgram(path string) bool {
	if strings.HasSuffix(path, "_test.go") {
		_, err := os.Stat(path)
		return err == nil
	}
	inGo, _ := filepath.Glob(path + "/main*.go")
	inJS, _ := filepath.Glob(path + "/main.mjs")
	return len(inGo)+len(inJS) > 0
}

var (
	link    = regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)|(?:src|srcset)="([^":]+)"`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fence   = regexp.MustCompile("(?ms)^```.*?^```$")
	dropped = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// Links lead to existing files and to existing headings.
func TestLinks(t *testing.T) {
	for name, text := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			m[1] += m[3] // the address of an image
			target := filepath.Join(root, filepath.Dir(name), m[1])
			if m[1] == "" {
				target = filepath.Join(root, name)
			}
			_, err := os.Stat(target)
			assert.NoError(t, err, "%s links to %s", name, m[1])
			if m[2] != "" && err == nil {
				assert.Contains(t, anchors(t, target), m[2], "%s links to %s", name, m[1])
			}
		}
	}
}

// The files and folders that CONTRIBUTING.md names exist.
func TestContributing(t *testing.T) {
	text, err := os.ReadFile(root + "/CONTRIBUTING.md")
	require.NoError(t, err)
	guide, _, _ := strings.Cut(string(text), "\n## Releasing\n") // where tags look like paths
	paths := 0
	for _, m := range inTicks.FindAllStringSubmatch(guide, -1) {
		first, _, nested := strings.Cut(m[1], "/")
		if _, err := os.Stat(filepath.Join(root, first)); err != nil || !nested {
			continue // not a path, or the name of something else
		}
		paths++
		_, err := os.Stat(filepath.Join(root, m[1]))
		assert.NoError(t, err, "CONTRIBUTING.md names %s", m[1])
	}
	assert.Greater(t, paths, 50)
}

// README links to every page, except to those below docs/recipes, which their own README links to.
func TestReadmeLeadsToEachPage(t *testing.T) {
	all := pages(t)
	for name := range all {
		if strings.HasPrefix(name, "docs/") && !strings.HasPrefix(name, "docs/recipes/") {
			assert.Contains(t, all["README.md"], "]("+name, "README.md does not link to it")
		}
	}
}

// anchors are the links to a page's headings, as GitHub makes them.
func anchors(t *testing.T, page string) (all []string) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(string(text), ""), -1) {
		all = append(all, "#"+strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return all
}
