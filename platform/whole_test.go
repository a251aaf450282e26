package platform_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// twins are the packages of compute-sdk-go that call the platform for a service; platform/backend is a part of fsthttp.
var twins = []string{"acl", "cache/core", "cache/simple", "configstore", "device", "edgedict", "erl", "geo", "kvstore", "purge", "secretstore", "shielding"}

// unspanned are methods of wrapped values that are the original's own, and why.
var unspanned = map[string]string{
	"Transaction.Close":              "it lets go of a handle",
	"Transaction.Found":              "the transaction has looked already",
	"Transaction.MustInsert":         "it asks nobody",
	"Transaction.MustInsertOrUpdate": "it asks nobody",
	"ListIter.Page":                  "it asks nobody",
	"ListIter.Err":                   "it asks nobody",
	"ListIter.Reset":                 "it asks nobody",
	"Shield.Name":                    "it asks nobody",
	"Shield.IsRunningOn":             "it asks nobody",
}

// Whatever an original exports its twin has too, so that an import is all that changes; and each method of a value that the twin
// wraps has a span, or a reason. It fails when compute-sdk-go gains something.
func TestTwinsAreWhole(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/fastly/compute-sdk-go").Output()
	require.NoError(t, err)
	for _, name := range twins {
		original, twin := exported(t, filepath.Join(strings.TrimSpace(string(out)), name)), exported(t, name)
		require.NotEmpty(t, original)
		for id := range original {
			of, _, isMethod := strings.Cut(id, ".")
			switch {
			case twin[id] != "" || isMethod && twin[of] == "alias":
			case isMethod:
				require.NotEmpty(t, unspanned[id], "%s: %s has no span", name, id)
			default:
				t.Errorf("%s: the twin has no %s", name, id)
			}
		}
	}
}

// Each error of an original has its word: it is what was not there, or has a status, which docs/platform.md lists.
func TestErrorsHaveStatuses(t *testing.T) {
	page, err := os.ReadFile("../docs/platform.md")
	require.NoError(t, err)
	for _, name := range append([]string{"backend"}, twins...) {
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
					return n.Tok != token.VAR // which says that it is there, not what it means
				case *ast.Ident:
					used[n.Name] = true
				case *ast.KeyValueExpr:
					if word, ok := n.Value.(*ast.BasicLit); ok && n.Key.(*ast.Ident).Name == "Name" {
						listed := strings.Contains(string(page), "`"+strings.Trim(word.Value, `"`)+"`")
						require.True(t, listed, "%s: the page has no %s", name, word.Value)
					}
				}
				return true
			})
		}
		for id, kind := range exported(t, name) {
			if kind == "value" && strings.HasPrefix(id, "Err") {
				require.True(t, used[id], "%s: %s has no status", name, id)
			}
		}
	}
}

// exported returns what a package exports: "Name" or "Type.Method", and for types whether it is an alias.
func exported(t *testing.T, dir string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	files, err := filepath.Glob(dir + "/*.go")
	require.NoError(t, err)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				id := d.Name.Name
				if d.Recv != nil {
					id = strings.TrimPrefix(types.ExprString(d.Recv.List[0].Type), "*") + "." + id
				}
				if d.Name.IsExported() && ast.IsExported(id) {
					ids[id] = "func"
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						if s.Name.IsExported() {
							ids[s.Name.Name] = map[bool]string{true: "alias", false: "type"}[s.Assign.IsValid()]
						}
					case *ast.ValueSpec:
						for _, n := range s.Names {
							if n.IsExported() {
								ids[n.Name] = "value"
							}
						}
					}
				}
			}
		}
	}
	return ids
}
