package platform_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/attrdocs"
	"github.com/edgespan/edgespan/internal/gofiles"
)

// unwrapped are the packages of compute-sdk-go that have no wrapper package, and the reasons.
var unwrapped = map[string]string{
	"compute":           "middleware.SandboxUsage records what it returns",
	"fsthttp":           "package middleware records its requests, and platform/backend its backends",
	"fsthttp/imageopto": "it makes no call to the platform",
	"fsttest":           "it is for tests",
	"objectstore":       "deprecated, and kvstore under another name",
	"rtlog":             "package logendpoint writes traces and logs itself",
	"x":                 "it has no code",
	"x/exp/handoff":     "deprecated",
	"x/fstctx":          "deprecated",
}

// wrappers returns the packages below this one. Each has the name of the package of compute-sdk-go that it replaces, except backend,
// which wraps a part of fsthttp.
func wrappers(t *testing.T) (names []string) {
	t.Helper()
	for _, pattern := range []string{"*/*.go", "cache/*/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, path := range files {
			names = append(names, filepath.ToSlash(filepath.Dir(path)))
		}
	}
	names = slices.Compact(names)
	require.Greater(t, len(names), 10)
	return names
}

// replaced returns the packages of compute-sdk-go that have a wrapper package.
func replaced(t *testing.T) []string {
	return slices.DeleteFunc(wrappers(t), func(name string) bool { return name == "backend" })
}

// unspanned are the methods of wrapper types that are not overridden, and the reasons.
var unspanned = map[string]string{
	"Transaction.Close":              "it only releases a handle",
	"Transaction.Found":              "NewTransaction has done the lookup",
	"Transaction.MustInsert":         "it makes no call to the platform",
	"Transaction.MustInsertOrUpdate": "it makes no call to the platform",
	"ListIter.Page":                  "it makes no call to the platform",
	"ListIter.Err":                   "it makes no call to the platform",
	"Shield.Name":                    "it makes no call to the platform",
	"Shield.IsRunningOn":             "it makes no call to the platform",
}

// Each package of compute-sdk-go has a wrapper package or, in unwrapped, a reason why not. Each wrapper package is in the tables of
// docs/platform.md and bench/size/features.go, and has a call in this package's tests.
func TestEveryPackageIsWrapped(t *testing.T) {
	const sdk = "github.com/fastly/compute-sdk-go/"
	list := exec.Command("go", "list", sdk+"...")
	list.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	out, err := list.Output()
	require.NoError(t, err)
	names := replaced(t)
	for _, path := range strings.Fields(string(out)) {
		name := strings.TrimPrefix(path, sdk)
		if top, _, _ := strings.Cut(name, "/"); top != "internal" && !strings.HasSuffix(top, "_tests") {
			assert.NotEqual(t, slices.Contains(names, name), unwrapped[name] != "", "%s must have either a wrapper package or a reason in unwrapped", name)
		}
	}

	read := func(path string) string {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		return string(text)
	}
	page, rows, calls := read("../docs/platform.md"), read("../bench/size/features.go"), read("platform_test.go")
	_, page, _ = strings.Cut(page, "| package | spans | attributes |")
	page, _, _ = strings.Cut(page, "\n\n")
	for _, name := range wrappers(t) {
		assert.True(t, strings.Contains(page, "`"+name+"`"), "docs/platform.md has no row for %s", name)
		assert.True(t, strings.Contains(rows, `wrapper("`+name+`"`) || strings.Contains(rows, `"platform/`+name+`"`), "bench/size/features.go has no row for %s", name)
		assert.True(t, strings.Contains(calls, `edgespan/platform/`+name+`"`), "platform_test.go has no call of %s", name)
	}
}

// Each span that a wrapper package starts, and each attribute that it records, is in docs/platform.md. There, `.b` after `x.a` in
// a line means x.b, and `put` after `x get` may mean "x put". All spans of a failed open are described together.
func TestSpansAndAttributesAreDocumented(t *testing.T) {
	const key = `(?:db|fastly|user_agent)\.[a-z0-9_.]*[a-z0-9]`
	page, err := os.ReadFile("../docs/platform.md")
	require.NoError(t, err)
	documented := attrdocs.Documented(t, key, "../docs/platform.md")
	recorded, started := 0, 0
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, use := range attrdocs.Recorded(t, key, path) {
			recorded++
			assert.True(t, documented[use.Key], "%s is recorded in %s, and not in docs/platform.md", use.Key, path)
		}
		for _, m := range regexp.MustCompile(`[sS]tart\((?:[\w.]+, )?"([a-z_ ]+)"`).FindAllStringSubmatch(string(text), -1) {
			started++
			last := m[1][strings.LastIndexByte(m[1], ' ')+1:]
			known := strings.Contains(string(page), "`"+m[1]+"`") || strings.Contains(string(page), "`"+last+"`")
			assert.True(t, known || last == "open", "%s starts the span %q, which is not in docs/platform.md", path, m[1])
		}
		return err
	}))
	require.Greater(t, recorded, 30)
	require.Greater(t, started, 30)
}

// A wrapper package exports everything that the original does, so that changing the import is enough. Each method of a wrapper
// type records a span, or is in unspanned with a reason. The test fails if compute-sdk-go adds something.
func TestWrappersAreComplete(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/fastly/compute-sdk-go").Output()
	require.NoError(t, err)
	needless := maps.Clone(unspanned)
	for _, name := range replaced(t) {
		original, wrapper := gofiles.Exported(t, filepath.Join(strings.TrimSpace(string(out)), name)), gofiles.Exported(t, name)
		require.NotEmpty(t, original, "compute-sdk-go has no package %s", name)
		for id := range original {
			of, _, isMethod := strings.Cut(id, ".")
			switch {
			case wrapper[id] != "" || isMethod && wrapper[of] == "alias":
			case isMethod:
				require.NotEmpty(t, unspanned[id], "%s: %s has no span", name, id)
				delete(needless, id)
			default:
				t.Errorf("%s: the wrapper package has no %s", name, id)
			}
		}
	}
	assert.Empty(t, needless, "these are in unspanned for no method")
}

// Each error of a wrapped package either means that something is missing or has a status, which docs/platform.md lists.
func TestErrorsHaveStatuses(t *testing.T) {
	page, err := os.ReadFile("../docs/platform.md")
	require.NoError(t, err)
	for _, name := range wrappers(t) {
		used, dir := map[string]bool{}, name
		if strings.HasPrefix(name, "cache/") {
			dir = "internal/cached"
		}
		files, err := filepath.Glob(dir + "/*.go")
		require.NoError(t, err)
		for _, path := range files {
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GenDecl:
					return n.Tok != token.VAR // an error used only to return it does not count
				case *ast.Ident:
					used[n.Name] = true
				case *ast.KeyValueExpr:
					if word, ok := n.Value.(*ast.BasicLit); ok && n.Key.(*ast.Ident).Name == "Name" {
						listed := strings.Contains(string(page), "`"+strings.Trim(word.Value, `"`)+"`")
						require.True(t, listed, "%s: docs/platform.md has no %s", name, word.Value)
					}
				}
				return true
			})
		}
		for id, kind := range gofiles.Exported(t, name) {
			if kind == "value" && strings.HasPrefix(id, "Err") {
				require.True(t, used[id], "%s: %s has no status", name, id)
			}
		}
	}
}
