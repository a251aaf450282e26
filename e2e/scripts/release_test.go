package scripts

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/edgespan/edgespan/sdk/trace"
)

const sdkPath = "github.com/edgespan/edgespan"

// TestRelease releases the modules to a folder, in the order of CONTRIBUTING.md, and uses them as others will: outside of the workspace.
func TestRelease(t *testing.T) {
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	require.NoError(t, err)
	_, steps, _ := strings.Cut(string(text), "\n## Releasing\n")
	var modules []string
	for _, m := range regexp.MustCompile("`([a-z/]*)vX[.]Y[.]Z`").FindAllStringSubmatch(steps, -1) {
		if m[1] != "collector/" || os.Getenv("CI") == "true" { // it requires a Collector, which make check does not download otherwise
			modules = append(modules, strings.TrimSuffix(m[1], "/"))
		}
	}
	require.Contains(t, modules, "cmd/edgespan")
	require.Empty(t, modules[0], "the others require the SDK, so it comes first")
	npm, err := os.ReadFile("../../browser/npm/package.json")
	require.NoError(t, err)
	assert.Contains(t, string(npm), fmt.Sprintf(`"version": %q,`, trace.Version))

	source, proxy := t.TempDir(), t.TempDir()
	files := run(t, "../..", nil, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	for _, file := range strings.Split(strings.TrimSuffix(files, "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join("../..", file))
		if os.IsNotExist(err) {
			continue // removed, and not committed yet
		}
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(source, file)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(source, file), content, 0o600))
	}

	goEnv := func(name string) string { return strings.TrimSpace(run(t, ".", nil, "go", "env", name)) }
	bin := t.TempDir()
	user := []string{
		"GOWORK=off", "GOFLAGS=-modcacherw", "GOBIN=" + bin, "GONOSUMDB=" + sdkPath + "," + goEnv("GONOSUMDB"),
		// A module cache of its own keeps the release out of the usual one. Everything else comes from there, if it is there.
		"GOMODCACHE=" + t.TempDir(),
		fmt.Sprintf("GOPROXY=file://%s,file://%s/cache/download,%s", proxy, goEnv("GOMODCACHE"), goEnv("GOPROXY")),
	}
	for _, m := range modules {
		folder := filepath.Join(source, m)
		run(t, folder, user, "go", "mod", "tidy")
		publish(t, proxy, folder, pathOf(m))
	}

	run(t, t.TempDir(), user, "go", "install", sdkPath+"/cmd/edgespan@latest")
	edgespan := filepath.Join(bin, "edgespan")
	assert.Equal(t, trace.Version+"\n", run(t, ".", nil, edgespan, "--version"))
	assert.NotContains(t, run(t, ".", nil, "go", "version", "-m", edgespan), "DefaultGODEBUG",
		"cmd/edgespan's go.mod must have go.work's Go version: otherwise the standard library behaves in another way than in the tests")

	for _, m := range modules {
		path := pathOf(m)
		folder := t.TempDir()
		run(t, folder, user, "go", "mod", "init", "user")
		run(t, folder, user, "go", "get", path+"@latest")
		own := `{{with .Module}}{{if eq .Path "` + path + `"}}{{$.ImportPath}}{{end}}{{end}}`
		// It fails if an import cannot be resolved.
		assert.NotEmpty(t, run(t, folder, append(user, "GOFLAGS=-mod=mod -modcacherw"), "go", "list", "-deps", "-f", own, path+"/..."), path)
	}
}

func pathOf(m string) string { return strings.TrimSuffix(sdkPath+"/"+m, "/") }

// run runs a command that must succeed, and returns its output.
func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env, cmd.Stderr = dir, append(os.Environ(), env...), &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s in %s: %s", cmd, dir, &stderr)
	return string(out)
}

// publish adds a module to a proxy's folder, https://go.dev/ref/mod#goproxy-protocol.
func publish(t *testing.T, proxy, folder, path string) {
	v := module.Version{Path: path, Version: "v" + trace.Version}
	dir := filepath.Join(proxy, path, "@v")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	var packed bytes.Buffer
	require.NoError(t, zip.CreateFromDir(&packed, v, folder))
	mod, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"list":              []byte(v.Version + "\n"),
		v.Version + ".info": fmt.Appendf(nil, `{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, v.Version),
		v.Version + ".mod":  mod,
		v.Version + ".zip":  packed.Bytes(),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
}
