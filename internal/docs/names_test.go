package docs

import (
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var called = regexp.MustCompile(`\b([a-z]\w*)\.([A-Z]\w*)(?:\.([A-Z]\w*))?`)

// Names with a package that appear on pages and in comments exist, such as trace.Start, and middleware.Config.Route down to the
// field.
func TestNames(t *testing.T) {
	names := publicNames(t)
	all := pages(t)
	for _, name := range []string{"BENCHMARKS.md", "CHANGELOG.md", "CONTRIBUTING.md", "RATIONALE.md"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		all[name] = string(text)
	}
	delete(all, "docs/migrate-from-otel-go.md") // these name OpenTelemetry's packages, some of which have the same names
	delete(all, "docs/otel-bridge.md")
	for _, p := range publicPackages(t) {
		for _, f := range p.files {
			for _, c := range f.Comments {
				all["a comment in "+p.path] += c.Text()
			}
		}
	}
	for page, text := range all {
		for _, m := range called.FindAllStringSubmatch(text, -1) {
			known := names[m[1]]
			if known == nil {
				continue // another library's package, or a variable
			}
			assert.True(t, known[m[2]], "%s: %s.%s is not there", page, m[1], m[2])
			if m[3] != "" && known[m[2]] {
				assert.True(t, known[m[2]+"."+m[3]], "%s: %s.%s has no %s", page, m[1], m[2], m[3])
			}
		}
	}
}

// publicNames returns the exported names, by the name of their package: Name, and Type.Field.
func publicNames(t *testing.T) map[string]map[string]bool {
	t.Helper()
	names := map[string]map[string]bool{}
	for _, p := range publicPackages(t) {
		name := p.files[0].Name.Name
		if names[name] == nil {
			names[name] = map[string]bool{} // several packages have the same name
		}
		for _, f := range p.files {
			for _, d := range f.Decls {
				addNames(names[name], d)
			}
		}
	}
	return names
}

var docLink = regexp.MustCompile(`[ (]\[\*?(?:([a-z]\w*)\.)?([A-Z]\w*(?:\.[A-Z]\w*)?)\]`)

// Doc links in comments lead to names that exist: [Config.Keep] in the same package, [trace.Config] in another package of this
// repository.
func TestDocLinks(t *testing.T) {
	names, links := publicNames(t), 0
	for _, p := range publicPackages(t) {
		for _, f := range p.files {
			for _, c := range f.Comments {
				for _, m := range docLink.FindAllStringSubmatch(" "+strings.ReplaceAll(c.Text(), "\n", " "), -1) {
					of := m[1]
					if of == "" {
						of = f.Name.Name
					}
					if known := names[of]; known != nil {
						links++
						assert.True(t, known[m[2]], "%s: %s has no %s", p.path, of, m[2])
					}
				}
			}
		}
	}
	assert.Greater(t, links, 100)
}

func addNames(names map[string]bool, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			name = strings.TrimPrefix(types.ExprString(d.Recv.List[0].Type), "*") + "." + name
		}
		names[name] = true
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names[n.Name] = true
				}
			case *ast.TypeSpec:
				names[s.Name.Name] = true
				var fields *ast.FieldList
				switch of := s.Type.(type) {
				case *ast.StructType:
					fields = of.Fields
				case *ast.InterfaceType:
					fields = of.Methods
				default:
					continue
				}
				for _, field := range fields.List {
					for _, n := range field.Names {
						names[s.Name.Name+"."+n.Name] = true
					}
				}
			}
		}
	}
}

// settings are the types whose fields are for every service, by package. Other settings need only their doc comment.
var settings = map[string][]string{
	"middleware": {"Config", "Propagate"}, "logendpoint": {"Config"}, "remoteconfig": {"Config"}, "sdk/trace": {"Keep"},
}

// Each of these fields is on a page, as code: `Config.Route`, `Route` or within an example.
func TestSettings(t *testing.T) {
	words := map[string]bool{}
	for _, text := range pages(t) {
		for _, code := range inCode.FindAllString(text, -1) {
			for _, word := range capitalized.FindAllString(code, -1) {
				words[word] = true
			}
		}
	}
	fields := 0
	for _, p := range publicPackages(t) {
		for _, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				of, ok := n.(*ast.TypeSpec)
				if !ok || !slices.Contains(settings[p.path], of.Name.Name) {
					return true
				}
				for _, list := range of.Type.(*ast.StructType).Fields.List {
					for _, name := range list.Names {
						fields++
						assert.True(t, words[name.Name], "no page has %s.%s of %s", of.Name, name, p.path)
					}
				}
				return false
			})
		}
	}
	assert.Greater(t, fields, 25)
}

var (
	inCode      = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`")
	capitalized = regexp.MustCompile(`\b[A-Z]\w*`)
)

// Each format of sdk/compact is where a user looks for it: in the comment of logendpoint.Config.Format, among the recipes, and in
// what edgespan view reads. The tests of all that write or read lines, and bench/lines, have it, too.
func TestFormats(t *testing.T) {
	formats := 0
	for name := range publicNames(t)["compact"] {
		if !strings.HasPrefix(name, "Append") {
			continue
		}
		formats++
		for _, path := range []string{"logendpoint/config.go", "logendpoint/helper_test.go", "sdk/compact/fuzz_test.go", "bench/lines/main.go",
			"cmd/edgespan/internal/lines/record_test.go", "collector/fastlylogsreceiver/lines_test.go", "docs/recipes/README.md", "docs/view.md"} {
			text, err := os.ReadFile(filepath.Join(root, path))
			require.NoError(t, err)
			assert.True(t, regexp.MustCompile(`\bcompact\.`+name+`\b`).Match(text), "%s has no compact.%s", path, name)
		}
	}
	assert.GreaterOrEqual(t, formats, 3)
}
