package httpconv

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

func TestAttributes(t *testing.T) {
	var a Attributes
	for range 2 {
		assert.Empty(t, a.List())
		a.String("none", "")
		a.String("a", "b")
		a.Number("too small", 0, 1)
		a.Number("c", 1, 1)
		a.Header("d", map[string][]string{"D": {"2"}}, "D")
		a.Header("e", nil, "E")
		assert.Equal(t, []trace.Attribute{trace.String("a", "b"), trace.Int("c", 1), trace.Int("d", 2)}, a.List())
		a.Reset()
	}
}

// TestAttributesAreEnough checks that no function of the repository adds more attributes than there is room for, even if it
// never calls Reset.
func TestAttributesAreEnough(t *testing.T) {
	functions := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && mentionsAttributes(f) {
				functions++
				n := additions(f)
				assert.Positive(t, n, "%s in %s adds none to a variable called a; only those are counted", f.Name.Name, path)
				assert.LessOrEqual(t, n, len(Attributes{}.array), "%s in %s", f.Name.Name, path)
			}
		}
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, functions, 5)
}

func mentionsAttributes(f *ast.FuncDecl) (yes bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if ok && s.Sel.Name == "Attributes" {
			x, ok := s.X.(*ast.Ident)
			yes = yes || ok && x.Name == "httpconv"
		}
		return true
	})
	return yes
}

// additions counts the calls of String, Number and Header on a. A call in a loop counts as many.
func additions(f *ast.FuncDecl) (n int) {
	var loops []ast.Node
	ast.Inspect(f, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			loops = append(loops, node)
		case *ast.CallExpr:
			s, ok := node.Fun.(*ast.SelectorExpr)
			if !ok || s.Sel.Name != "String" && s.Sel.Name != "Number" && s.Sel.Name != "Header" {
				break
			}
			if x, ok := s.X.(*ast.Ident); !ok || x.Name != "a" {
				break
			}
			n++
			for _, l := range loops {
				if l.Pos() < node.Pos() && node.Pos() < l.End() {
					n += 100
				}
			}
		}
		return true
	})
	return n
}
