package docs

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// publicPackage is a package as pkg.go.dev shows it, and its tests.
type publicPackage struct {
	path  string
	files []*ast.File
	tests []*ast.File
}

// publicPackages returns the packages that users import.
func publicPackages(t *testing.T) (list []publicPackage) {
	t.Helper()
	fset := token.NewFileSet()
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case err != nil || !d.IsDir():
			return err
		case path == root:
			return nil
		case strings.HasPrefix(name, ".") || slices.Contains([]string{"internal", "testdata", "build", "bin", "docs", "scripts", "example-service", "cmd", "e2e", "bench", "collector", "tools"}, name):
			return filepath.SkipDir
		}
		p := publicPackage{path: strings.TrimPrefix(filepath.ToSlash(path), root+"/")}
		sources, _ := filepath.Glob(path + "/*.go")
		for _, source := range sources {
			file, err := parser.ParseFile(fset, source, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			switch {
			case strings.HasSuffix(source, "_test.go"):
				p.tests = append(p.tests, file)
			case file.Name.Name != "main":
				p.files = append(p.files, file)
			}
		}
		if len(p.files) > 0 {
			list = append(list, p)
		}
		return nil
	}))
	require.Greater(t, len(list), 30)
	return list
}

// Each package, and everything that it exports, has a doc comment.
func TestEverythingIsDocumented(t *testing.T) {
	for _, p := range publicPackages(t) {
		documented := false
		for _, f := range p.files {
			documented = documented || f.Doc != nil
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Name.IsExported() && isOfExported(d) {
						assert.NotNil(t, d.Doc, "%s: %s has no doc comment", p.path, d.Name)
					}
				case *ast.GenDecl:
					checkDecl(t, p.path, d)
				}
			}
		}
		assert.True(t, documented, "package %s has no text", p.path)
	}
}

func isOfExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	of := d.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	name, ok := of.(*ast.Ident)
	return ok && name.IsExported()
}

// checkDecl requires a comment for each type, constant and variable, or one comment for the whole group.
func checkDecl(t *testing.T, path string, d *ast.GenDecl) {
	t.Helper()
	told := d.Doc != nil
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() {
				assert.True(t, told || s.Doc != nil, "%s: type %s has no doc comment", path, s.Name)
			}
		case *ast.ValueSpec:
			told = told || s.Doc != nil // the comment of a constant also counts for those that follow it
			if slices.ContainsFunc(s.Names, (*ast.Ident).IsExported) {
				assert.True(t, told || s.Comment != nil, "%s: %s has no doc comment", path, s.Names[0])
			}
		}
	}
}

// Each package has an example, and so has each entry point: a function that makes, opens or looks up something.
func TestEntryPointsHaveExamples(t *testing.T) {
	for _, p := range publicPackages(t) {
		examples := doc.Examples(p.tests...)
		if strings.HasPrefix(p.path, "browser") {
			continue // its functions are called from JavaScript: see browser/example
		}
		assert.NotEmpty(t, examples, "package %s has no example", p.path)
		called := map[string]bool{}
		for _, e := range examples {
			for _, node := range []ast.Node{e.Code, wholeFile(e)} {
				ast.Inspect(node, func(n ast.Node) bool {
					if s, ok := n.(*ast.SelectorExpr); ok {
						called[s.Sel.Name] = true
					}
					return true
				})
			}
		}
		for _, f := range p.files {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil && isEntry(d.Name.Name) {
					assert.True(t, called[d.Name.Name], "%s: no example shows %s", p.path, d.Name)
				}
			}
		}
	}
}

func wholeFile(e *doc.Example) ast.Node {
	if e.Play == nil {
		return &ast.BadExpr{}
	}
	return e.Play
}

func isEntry(name string) bool {
	return slices.ContainsFunc([]string{"New", "Open", "Lookup", "Start", "Send"}, func(p string) bool { return strings.HasPrefix(name, p) })
}
