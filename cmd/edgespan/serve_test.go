package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runServe returns the output of 'edgespan serve' for a command line that fails before it serves.
func runServe(t *testing.T, args ...string) (output string, code int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"serve"}, args...)...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	return string(out), cmd.ProcessState.ExitCode()
}

func TestServeTakesNumbersBelowZero(t *testing.T) {
	none := filepath.Join(t.TempDir(), "fastly.toml")
	for _, args := range []string{"--reuse-limit -1", "--reuse-limit=-1", "--reuse-limit 0", "--reuse-limit 7"} {
		out, code := runServe(t, append(strings.Fields(args), "-C", none)...)
		assert.Contains(t, out, none, "%s: as far as the manifest", args)
		assert.Equal(t, 1, code)
	}
	for args, want := range map[string]string{
		"--reuse-limit -2":     "--reuse-limit must be 0 or more, or -1 for any number",
		"--reuse-limit":        "expected a whole number",
		"--reuse-limit -C":     `expected a whole number but got "-C"`,
		"--reuse-limit many":   `expected a whole number but got "many"`,
		"--max-sandboxes 0":    "--max-sandboxes must be above 0",
		"--max-sandboxes -1":   "--max-sandboxes must be above 0",
		"--pushpin-port 0x1":   "expected a whole number",
		"--pushpin-port -1":    "--pushpin-port must be a port, from 1 to 65535",
		"--pushpin-port 1e5":   "expected a whole number",
		"--pushpin-port 65536": "--pushpin-port must be a port, from 1 to 65535",
	} {
		out, code := runServe(t, strings.Fields(args)...)
		assert.Contains(t, out, want, args)
		assert.Equal(t, exitUsage, code, args)
	}
}

func TestServeOfAFolder(t *testing.T) {
	dir := t.TempDir()
	out, code := runServe(t, "-C", dir)
	assert.Contains(t, out, dir+" is a folder: give --manifest the fastly.toml in it")
	assert.Equal(t, 1, code)
}

func TestServeTellsOfWhatNothingReads(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "fastly.toml")
	for text, want := range map[string]string{
		"[local_server.backend.b]\nurl = 'http://x'": `[local_server]: the section "backend" is unknown and ignored: did you mean "backends"? (known: acls, backends`,
		"[local_sever.backends.b]\nurl = 'http://x'": `fastly.toml: "local_sever" is unknown and ignored: did you mean "local_server"?`,
		"[backends.b]\nurl = 'http://x'":             `fastly.toml: the section "backends" is ignored here: did you mean [local_server.backends]?`,
		"[local_server.acls.a]\nfiel = 'x'":          `[local_server.acls.a]: unknown key "fiel" is ignored: did you mean "file"?`,
	} {
		require.NoError(t, os.WriteFile(file, []byte(text+"\n"), 0o600))
		out, _ := runServe(t, "-C", file, "--addr", "127.0.0.1:0", "--wasm", filepath.Join(dir, "none.wasm"))
		assert.Contains(t, out, want)
	}
}

// The manifest's build command is named, unless another file than bin/main.wasm is missing.
func TestServeSaysHowToBuild(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "shop"), 0o700))
	file := filepath.Join(dir, "shop", "fastly.toml")
	scripts := "[scripts]\nbuild = 'go build -o bin/main.wasm ./cmd/plain'\nenv_vars = ['GOOS=wasip1', 'GOARCH=wasm', \"LDFLAGS=it's -s\", 7]\n"
	const line = `GOOS=wasip1 GOARCH=wasm LDFLAGS='it'\''s -s' go build -o bin/main.wasm ./cmd/plain` + "\n"
	run := func(text, in string, args ...string) string {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		t.Chdir(in)
		out, _ := runServe(t, append(args, "--addr", "127.0.0.1:0")...)
		return out
	}
	assert.Contains(t, run(scripts, dir+"/shop"), "there is no compiled service at bin/main.wasm: build it with: "+line)
	assert.Contains(t, run(scripts, dir, "-C", "shop/fastly.toml", "--wasm", "shop/bin/main.wasm"), "build it with: cd shop && "+line)
	for _, other := range []string{"", "[scripts]\nbuild = ' '\n", "[scripts]\nbuild = 7\n", "scripts = 7\n"} {
		assert.Contains(t, run(other, dir+"/shop"), "build it with: GOOS=wasip1 GOARCH=wasm go build -o bin/main.wasm ., where")
	}
	assert.Contains(t, run(scripts, dir+"/shop", "--wasm", "other.wasm"), "build it with: GOOS=wasip1 GOARCH=wasm go build -o other.wasm .")
	assert.Contains(t, run(scripts, dir, "-C", "shop/fastly.toml"), "build it with: GOOS=wasip1 GOARCH=wasm go build -o bin/main.wasm .")
}

func TestDemoSaysHowToBuild(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/fastly.toml", []byte("[scripts]\nbuild = 'x'\n"), 0o600))
	cmd := exec.Command(os.Args[0], "demo")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asCommand+"=1")
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), "there is no compiled service at bin/main.wasm: build it with: make run\n")
}

func TestDemoOutsideOfTheRepository(t *testing.T) {
	cmd := exec.Command(os.Args[0], "demo")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), asCommand+"=1")
	out, _ := cmd.CombinedOutput()
	assert.Equal(t, 1, cmd.ProcessState.ExitCode())
	assert.Contains(t, string(out), "no manifest at fastly.toml")
	assert.Contains(t, string(out), "run it in the folder of Edgespan's repository\n")
}
