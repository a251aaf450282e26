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

// wrapped are the packages of compute-sdk-go that call the platform. platform/backend is missing, since it wraps only a part of
// fsthttp.
var wrapped = []string{"acl", "cache/core", "cache/simple", "configstore", "device", "edgedict", "erl", "geo", "kvstore", "purge", "secretstore", "shielding"}

// unspanned are the methods of wrapper types that are not overridden, and the reasons.
var unspanned = map[string]string{
	"Transaction.Close":              "it only releases a handle",
	"Transaction.Found":              "NewTransaction has done the lookup",
	"Transaction.MustInsert":         "it makes no call to the platform",
	"Transaction.MustInsertOrUpdate": "it makes no call to the platform",
	"ListIter.Page":                  "it makes no call to the platform",
	"ListIter.Err":                   "it makes no call to the platform",
	"ListIter.Reset":                 "it makes no call to the platform",
	"Shield.Name":                    "it makes no call to the platform",
	"Shield.IsRunningOn":             "it makes no call to the platform",
}

// A wrapper package exports everything that the original does, so that changing the import is enough. Each method of a wrapper
// type records a span, or is in unspanned with a reason. The test fails if compute-sdk-go adds something.
func TestWrappersAreComplete(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/fastly/compute-sdk-go").Output()
	require.NoError(t, err)
	for _, name := range wrapped {
		original, wrapper := exported(t, filepath.Join(strings.TrimSpace(string(out)), name)), exported(t, name)
		require.NotEmpty(t, original)
		for id := range original {
			of, _, isMethod := strings.Cut(id, ".")
			switch {
			case wrapper[id] != "" || isMethod && wrapper[of] == "alias":
			case isMethod:
				require.NotEmpty(t, unspanned[id], "%s: %s has no span", name, id)
			default:
				t.Errorf("%s: the wrapper package has no %s", name, id)
			}
		}
	}
}

// Each error of a wrapped package either means that something is missing or has a status, which docs/platform.md lists.
func TestErrorsHaveStatuses(t *testing.T) {
	page, err := os.ReadFile("../docs/platform.md")
	require.NoError(t, err)
	for _, name := range append([]string{"backend"}, wrapped...) {
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
		for id, kind := range exported(t, name) {
			if kind == "value" && strings.HasPrefix(id, "Err") {
				require.True(t, used[id], "%s: %s has no status", name, id)
			}
		}
	}
}

// exported returns what a package exports: "Name" or "Type.Method". The value is whether a type is an alias.
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
