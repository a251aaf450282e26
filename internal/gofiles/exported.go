package gofiles

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"
)

// Exported returns what the package in a folder exports, whatever its files are built for: "Name" or "Type.Method", and what each is: a
// "func", a "type", an "alias" or a "value".
func Exported(t testing.TB, dir string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	files, err := filepath.Glob(dir + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
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
