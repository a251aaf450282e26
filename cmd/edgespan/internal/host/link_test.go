package host

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// left are the modules of compute-sdk-go whose calls this host does not have, and what follows for a service.
var left = map[string]string{
	"fastly_http_cache":      "see consequences",
	"fastly_image_optimizer": "a request with image options fails",
}

// The host has each call that compute-sdk-go can make, with the same number of parameters. If the SDK has a new one, add it to the
// abi_ file of its subject, and to the guest in testguest/main.
func TestTheHostHasEachCallOfTheSDK(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/fastly/compute-sdk-go").Output()
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "internal/abi/fastly/*_guest.go"))
	require.NoError(t, err)
	known, found := hostCalls(), 0
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Doc == nil {
				continue
			}
			for _, comment := range f.Doc.List {
				rest, ok := strings.CutPrefix(comment.Text, "//go:wasmimport ")
				module, name, _ := strings.Cut(strings.TrimSpace(rest), " ")
				if !ok || left[module] != "" {
					continue
				}
				found++
				call, ok := known[module][name]
				if assert.True(t, ok, "hostCalls has no %s.%s: add it, or its module to left", module, name) {
					assert.Equal(t, f.Type.Params.NumFields(), call.params, "the number of parameters of %s.%s in hostCalls", module, name)
				}
			}
		}
	}
	assert.Greater(t, found, 150)
}

func TestACallWithOtherParametersIsNotTheSame(t *testing.T) {
	f := start(t, "")
	require.Equal(t, statusUnsupported, f.host.implementation(hostCalls(), "fastly_purge", "purge_surrogate_key", 2)(nil))
	f.stderr.eventually(t, "called fastly_purge.purge_surrogate_key with 2 parameters instead of 4, which this host does not implement: ")
}
