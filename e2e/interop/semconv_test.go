package interop

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

const repository = "../.."

// sources are the folders whose code sets attributes.
var sources = []string{"browser", "fastlyenv", "internal", "logendpoint", "middleware", "otelbridge", "otlphttp", "platform", "remoteconfig", "sdk", "wasi", "workers"}

// ownNamespaces are the beginnings of names that the conventions do not have. cloudflare and cache are those of Cloudflare's tracing.
var ownNamespaces = []string{"fastly", "edgespan", "cloudflare", "cache"}

// ownValues are values that the conventions do not have, for attributes whose values they list.
var ownValues = map[string][]string{
	"cloud.platform":   {"cloudflare.workers", "fastly.compute"},
	"cloud.provider":   {"cloudflare", "fastly"},
	"db.system.name":   {"cloudflare-d1", "cloudflare-kv", "fastly.kv_store"},
	"messaging.system": {"cloudflare.queues"},
}

// constructors are the functions and methods that get the name of an attribute and its value, with the type of the value.
var constructors = map[string]string{
	"Bool": "boolean", "Float64": "double", "Header": "int", "Int": "int", "Int64": "int", "Number": "int", "String": "string", "Strings": "string[]",
}

// convention is what the conventions say of an attribute.
type convention struct {
	kind   string
	values []string // where they list them
}

// TestConventions checks the attributes that the source code names. An attribute is in OpenTelemetry's registry and not deprecated,
// or its name begins with a namespace of our own. It has the registry's type, and one type everywhere. If the registry lists its
// values, a constant value is one of them. Other tests check that docs has each attribute.
func TestConventions(t *testing.T) {
	c := checker{types: map[string]string{}, used: map[string]bool{}}
	c.readRegistry(t)
	for _, folder := range sources {
		require.NoError(t, filepath.WalkDir(filepath.Join(repository, folder), c.file))
	}
	require.Empty(t, strings.Join(c.faults, "\n"))
	require.Greater(t, len(c.used), 150, "the test finds the names")
	require.Greater(t, len(c.types), 100, "the test finds the types")
}

type checker struct {
	registry  map[string]convention
	templates []string // beginnings of names that end with a key, such as the name of a header
	types     map[string]string
	used      map[string]bool
	faults    []string
}

// readRegistry reads the source code of package semconv. Its comments have the types. It has no deprecated attributes.
func (c *checker) readRegistry(t *testing.T) {
	pkg, err := build.Import("go.opentelemetry.io/otel/semconv/v"+filepath.Base(semconv.SchemaURL), ".", build.FindOnly)
	require.NoError(t, err)
	content, err := os.ReadFile(filepath.Join(pkg.Dir, "attribute_group.go"))
	require.NoError(t, err)
	find := func(pattern string) [][]string {
		return regexp.MustCompile(pattern).FindAllStringSubmatch(string(content), -1)
	}
	values := map[string][]string{}
	for _, m := range find(`(\w+)Key\.String\("([^"]+)"\)`) {
		values[m[1]] = append(values[m[1]], m[2])
	}
	c.registry = map[string]convention{}
	for _, m := range find(`// Type: (\S+)\n(?:\t//.*\n)*\t(\w+)Key = attribute\.Key\("([^"]+)"\)`) {
		kind := m[1]
		if kind == "Enum" {
			kind = "string"
		}
		c.registry[m[3]] = convention{kind, values[m[2]]}
	}
	for _, m := range find(`attribute\.\w+\("([^"]+\.)"\+key`) {
		c.templates = append(c.templates, m[1])
	}
	require.Greater(t, len(c.registry), 500)
	require.Contains(t, c.templates, "http.request.header.")
}

var quotedName = regexp.MustCompile(`"([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\.?)"`)

// file checks a file of Go or JavaScript. Of JavaScript, it knows only the names.
func (c *checker) file(path string, entry fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return err
	case entry.Name() == "node_modules" || entry.Name() == "testdata":
		return filepath.SkipDir
	case strings.HasSuffix(path, ".mjs"):
		content, err := os.ReadFile(path)
		for _, m := range quotedName.FindAllStringSubmatch(string(content), -1) {
			c.name(m[1], path)
		}
		return err
	case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
		return nil
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if m := quotedName.FindStringSubmatch(n.Value); m != nil && len(m[0]) == len(n.Value) {
				c.name(m[1], files.Position(n.Pos()).String())
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 1 {
				c.value(text(n.Args[0]), constructors[f.Sel.Name], text(n.Args[1]), files.Position(n.Pos()).String())
			}
		}
		return true
	})
	return nil
}

// name checks a name, or the beginning of one, if it ends with a dot.
func (c *checker) name(name, where string) {
	namespace, _, _ := strings.Cut(name, ".")
	own, conventional := slices.Contains(ownNamespaces, namespace), false
	for known := range c.registry {
		conventional = conventional || strings.HasPrefix(known, namespace+".")
	}
	if !own && !conventional {
		return
	}
	c.used[name] = true
	_, known := c.registry[name]
	known = known || slices.ContainsFunc(c.templates, func(t string) bool { return strings.HasPrefix(name, t) })
	if !known && !own {
		c.fault(where, "%s is not in the registry, or is deprecated", name)
	}
}

// value checks the type of an attribute's value, and the value if it is constant.
func (c *checker) value(name, kind, value, where string) {
	if kind == "" || !quotedName.MatchString(strconv.Quote(name)) {
		return
	}
	known := c.registry[name]
	for _, other := range []string{known.kind, c.types[name]} {
		if other != "" && other != kind {
			c.fault(where, "%s is of type %s here, and of type %s elsewhere", name, kind, other)
		}
	}
	c.types[name] = kind
	// Any error type and any method that Config.KnownMethods names is allowed.
	if value != "" && len(known.values) > 0 && name != "error.type" && !slices.Contains(append(known.values, ownValues[name]...), value) {
		c.fault(where, "%s has the value %q", name, value)
	}
}

func (c *checker) fault(where, format string, args ...any) {
	c.faults = append(c.faults, where+": "+fmt.Sprintf(format, args...))
}

// text returns the string of a literal, or "".
func text(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(literal.Value)
	return s
}
