// Package layers tests that the packages of the SDK's module import each other only in the direction that CONTRIBUTING.md
// describes.
package layers

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/gofiles"
)

const (
	module = "github.com/edgespan/edgespan/"
	root   = "../.."
)

// allowed lists, for each package that a service links, what it may import besides the standard library. The test fails for a
// package that is not listed.
var allowed = map[string][]string{
	"sdk/internal/hex":         {},
	"sdk/internal/json":        {},
	"sdk/internal/otstate":     {"sdk/internal/hex"},
	"internal/fault":           {},
	"sdk/trace":                {"internal/fault", "sdk/internal/hex", "sdk/internal/json", "sdk/internal/otstate"}, // json for floats alone
	"sdk/baggage":              {},
	"sdk/propagation":          {"sdk/trace", "sdk/baggage", "sdk/internal/hex"},
	"sdk/otlp":                 {"sdk/trace", "sdk/internal/", "github.com/valyala/fastjson"},
	"sdk/compact":              {"sdk/trace", "sdk/internal/", "github.com/valyala/fastjson"},
	"sdk/slogspan":             {"sdk/trace", "sdk/otlp", "sdk/internal/", "internal/once", "internal/fault", "log/slog", "encoding/json", "fmt"},
	"sdk/tracetest":            {"sdk/trace"},
	"sdk/batch":                {"sdk/trace", "internal/once", "internal/fault"},
	"sdk/batch/filestore":      {"internal/diskfile", "internal/lockfile"},
	"sdk/fromenv":              {"sdk/trace", "sdk/batch", "sdk/propagation", "internal/otelenv"},
	"internal/otelenv":         {"sdk/trace"},
	"internal/once":            {"internal/fault"},
	"internal/jsonskip":        {},
	"internal/httpheader":      {},
	"internal/lockfile":        {},
	"internal/diskfile":        {},
	"internal/redact":          {},
	"internal/otlpanswer":      {"github.com/valyala/fastjson"},
	"otlphttp":                 {"sdk/trace", "sdk/otlp", "sdk/batch", "internal/once", "internal/fault", "internal/otlpanswer", "internal/jsonskip", "internal/httpheader", "internal/otelenv", "github.com/valyala/fastjson"},
	"otlphttp/gzip":            {"compress/gzip"},
	"otlphttp/fetch":           {},
	"otlphttp/nethttp":         {"otlphttp", "net/http"},
	"otlphttp/backend":         {"otlphttp", "sdk/trace", "fastlyenv", "github.com/fastly/compute-sdk-go/fsthttp"},
	"browser":                  {"sdk/trace", "sdk/otlp", "internal/redact"},
	"browser/localstore":       {},
	"fastlyenv":                {"sdk/trace"},
	"wasi":                     {"sdk/trace", "sdk/otlp", "sdk/batch", "internal/diskfile", "internal/once"},
	"logendpoint":              {"sdk/trace", "sdk/otlp", "fastlyenv", "internal/once"},
	"internal/httpconv":        {"sdk/trace", "internal/redact"},
	"middleware":               {"sdk/trace", "sdk/propagation", "internal/httpconv", "internal/fault", "net/http", "github.com/fastly/compute-sdk-go/compute", "github.com/fastly/compute-sdk-go/fsthttp"}, // net/http for Adapt alone
	"middleware/roundtrip":     {"middleware", "net/http", "github.com/fastly/compute-sdk-go/fsthttp"},
	"middleware/clientgeo":     {"sdk/trace", "net", "github.com/fastly/compute-sdk-go/fsthttp", "github.com/fastly/compute-sdk-go/geo"},
	"sdk/internal/spangen":     {"sdk/trace"}, // for tests
	"sdk/internal/":            {"sdk/internal/", "github.com/valyala/fastjson"},
	"remoteconfig":             {"sdk/trace", "middleware", "internal/httpconv", "internal/once", "internal/fault", "github.com/fastly/compute-sdk-go/configstore", "github.com/fastly/compute-sdk-go/fsthttp", "github.com/valyala/fastjson"},
	"platform":                 {"internal/call"},
	"internal/call":            {"sdk/trace", "internal/fault"},
	"platform/internal/cached": {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/cache/core"},
	"platform/kvstore":         {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/kvstore"},
	"platform/configstore":     {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/configstore"},
	"platform/edgedict":        {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/edgedict"},
	"platform/secretstore":     {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/secretstore"},
	"platform/purge":           {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/purge"},
	"platform/geo":             {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/geo", "net"},
	"platform/device":          {"internal/call", "github.com/fastly/compute-sdk-go/device"},
	"platform/acl":             {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/acl", "net"},
	"platform/erl":             {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/erl"},
	"platform/shielding":       {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/shielding"},
	"platform/backend":         {"internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/fsthttp"},
	"platform/cache/core":      {"platform/internal/", "internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/cache/"},
	"platform/cache/simple":    {"platform/internal/", "internal/call", "sdk/trace", "github.com/fastly/compute-sdk-go/cache/"},
	"example-service":          {"sdk/trace", "sdk/slogspan", "middleware", "logendpoint", "platform/", "remoteconfig", "github.com/fastly/compute-sdk-go/fsthttp", "github.com/valyala/fastjson", "log/slog"},
	"internal/layers":          {},
	"internal/gofiles":         {},                                                    // for tests
	"internal/attrdocs":        {"regexp"},                                            // for tests
	"internal/otelcol":         {"internal/child", "internal/freeport", "fmt", "net"}, // for tests
	"internal/freeport":        {"fmt", "net"},
	"internal/child":           {},
	"internal/docs":            {},
}

// heavy lists standard packages that no package of a service may import, unless allowed names them. sdk/slogspan is for
// log/slog, which links fmt and encoding/json itself.
var heavy = []string{"fmt", "encoding/json", "regexp", "text/template", "html/template", "log", "log/slog", "crypto/tls", "net", "net/http", "compress/gzip"}

func TestImports(t *testing.T) {
	gofiles.Read(t, root)
	out, err := exec.Command("go", "list", "-f", `{{.Module.Path}}|{{.ImportPath}}|{{join .Imports " "}}`, module+"...").Output()
	require.NoError(t, err)
	seen := 0
	for line := range strings.Lines(string(out)) {
		of, rest, _ := strings.Cut(strings.TrimSpace(line), "|")
		path, imports, _ := strings.Cut(rest, "|")
		pkg := strings.TrimPrefix(path, module)
		if of+"/" != module || strings.HasPrefix(pkg, "build/") {
			continue // a module of its own, or what git ignores
		}
		seen++
		rules, ok := allowed[pkg]
		if !ok && strings.HasPrefix(pkg, "sdk/internal/") {
			rules, ok = allowed["sdk/internal/"]
		}
		require.True(t, ok, "list in internal/layers what %s may import", pkg)
		for _, imported := range strings.Fields(imports) {
			name := strings.TrimPrefix(imported, module)
			switch {
			case name != imported || strings.Contains(imported, "."):
				require.True(t, slices.ContainsFunc(rules, func(rule string) bool {
					return name == rule || strings.HasSuffix(rule, "/") && strings.HasPrefix(name, rule)
				}), "%s may not import %s", pkg, imported)
			case !slices.Contains(rules, imported):
				require.NotContains(t, heavy, imported, "%s makes every service larger", pkg)
			}
		}
	}
	require.Greater(t, seen, 8, "no packages were looked at")
}

// CONTRIBUTING.md has a table of folders and of what each may import. Each package that allowed has is in it, or is below a folder that
// is; the row of internal names each. For sdk and internal, the table says what allowed says.
func TestContributing(t *testing.T) {
	text, err := os.ReadFile(root + "/CONTRIBUTING.md")
	require.NoError(t, err)
	_, section, _ := strings.Cut(string(text), "\n## Where things are\n")
	section, _, _ = strings.Cut(section, "\n## ")
	names := func(cell string) (list []string) {
		for _, m := range regexp.MustCompile("`([a-z][a-z/-]*)(?:/…)?`").FindAllStringSubmatch(cell, -1) {
			list = append(list, m[1])
		}
		return list
	}
	has := func(list []string, pkg string) bool {
		return slices.ContainsFunc(list, func(name string) bool { return name == pkg || strings.HasPrefix(pkg, name+"/") })
	}
	var folders []string
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		for _, folder := range names(cells[1]) {
			if folder == "internal" {
				for _, name := range names(cells[2]) {
					folders = append(folders, "internal/"+name)
				}
				continue
			}
			folders = append(folders, folder)
			for _, rule := range allowed[folder] {
				if (strings.HasPrefix(rule, "sdk/") || strings.HasPrefix(rule, "internal/")) && !strings.Contains(cells[3], "all of the above") {
					require.True(t, has(names(cells[1]+cells[3]), rule), "CONTRIBUTING.md: the row of %s does not say that it may import %s", folder, rule)
				}
			}
		}
	}
	for pkg := range allowed {
		assert.True(t, has(folders, strings.TrimSuffix(pkg, "/")), "CONTRIBUTING.md: no row has %s", pkg)
		assert.DirExists(t, root+"/"+pkg, "allowed has it")
	}
	for _, folder := range folders {
		assert.DirExists(t, root+"/"+folder, "CONTRIBUTING.md has it")
	}
}

// Each module is in go.work and in MODULES of the Makefile, or else in APART: the Makefile checks and tests only these.
func TestModules(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(root + "/" + name)
		require.NoError(t, err)
		return string(text)
	}
	list := func(name string) []string {
		_, line, found := strings.Cut(read("Makefile"), "\n"+name+" := ")
		require.True(t, found, name)
		line, _, _ = strings.Cut(line, "\n")
		return strings.Fields(line)
	}
	modules, apart := list("MODULES"), append(list("APART"), "tools") // tools has no code
	_, work, _ := strings.Cut(read("go.work"), "use (")
	work, _, _ = strings.Cut(work, ")")
	assert.ElementsMatch(t, strings.Fields(work), modules, "go.work and MODULES in the Makefile must be the same")
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch base := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (base == "build" || base == "node_modules" || base[0] == '.' && path != root):
			return filepath.SkipDir // git ignores these
		case base == "go.mod":
			name := strings.TrimPrefix(strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), root), "/")
			known := name == "" || slices.Contains(modules, "./"+name) || slices.Contains(apart, name)
			assert.True(t, known, "nothing tests the module in %s: add it to MODULES in the Makefile and to go.work, or to APART", name)
		}
		return nil
	}))
}
