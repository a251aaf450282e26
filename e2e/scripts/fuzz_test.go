// Package scripts tests the scripts and the output of make, which need more than Go. `make check` runs it.
package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fuzzingGo stands for the go command. Its fuzz tests end in different ways, with the output of Go 1.26.
const fuzzingGo = `#!/bin/sh
case "$*" in
list*) printf 'example/a\nexample/b\nexample/broken\n' ;;
*-list*example/a) printf 'FuzzUp\nFuzzFound\nFuzzFine\nok  \texample/a\t0.1s\n' ;;
*-list*example/b) printf 'FuzzSeed\nFuzzPanic\nFuzzHangs\nFuzzOwn\nFuzzLast\nok  \texample/b\t0.1s\n' ;;
*-list*) printf '# example/broken\nx.go:1:1: expected package\nFAIL\texample/broken [setup failed]\n'; exit 1 ;;
*FuzzUp*) printf 'fuzz: elapsed: 1s, execs: 9 (9/sec)\n--- FAIL: FuzzUp (1.02s)\n    context deadline exceeded\nFAIL\nexit status 1\nFAIL\texample/a\t1.0s\n'; exit 1 ;;
*FuzzFound*) printf -- '--- FAIL: FuzzFound (0.04s)\n    --- FAIL: FuzzFound (0.00s)\n        a_test.go:9: no\n\n    Failing input written to testdata/fuzz/FuzzFound/1\nFAIL\n'; exit 1 ;;
*FuzzSeed*) printf 'failure while testing seed corpus entry: FuzzSeed/seed#0\n--- FAIL: FuzzSeed (0.04s)\n    --- FAIL: FuzzSeed (0.00s)\n        b_test.go:9: no\nFAIL\n'; exit 1 ;;
*FuzzPanic*) printf -- '--- FAIL: FuzzPanic (0.04s)\n    --- FAIL: FuzzPanic (0.00s)\n        testing.go:1: panic: no\nFAIL\n'; exit 1 ;;
*FuzzHangs*) printf -- '--- FAIL: FuzzHangs (0.04s)\n    fuzzing process hung or terminated unexpectedly: exit status 2\n    Failing input written to testdata/fuzz/FuzzHangs/1\nFAIL\n'; exit 1 ;;
*FuzzOwn*) printf -- '--- FAIL: FuzzOwn (0.04s)\n    --- FAIL: FuzzOwn (0.00s)\n        b_test.go:9: context deadline exceeded\n\n    Failing input written to testdata/fuzz/FuzzOwn/1\nFAIL\n'; exit 1 ;;
*) printf 'ok\n' ;;
esac
`

// A fuzz test whose time is up has not failed, and a failing fuzz test does not keep the others from running.
func TestFuzzScript(t *testing.T) {
	bin := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte(fuzzingGo), 0o700))
	run := func(edit ...string) (string, error) {
		cmd := exec.Command("../../scripts/fuzz.sh", append([]string{"1s"}, edit...)...)
		cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := run("./...")
	assert.Error(t, err)
	assert.Contains(t, out, "No finding: the time was up.\n")
	assert.Contains(t, out, "example/b FuzzLast\nok\n")
	assert.Contains(t, out, `Findings:
  example/a FuzzFound
  example/b FuzzSeed
  example/b FuzzPanic
  example/b FuzzHangs
  example/b FuzzOwn
  example/broken: its tests cannot be listed
`)

	require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\ncase \"$*\" in list*) echo a ;; *-list*) echo FuzzUp ;; "+
		"*) printf -- '--- FAIL: FuzzUp (1.02s)\\n    context deadline exceeded\\nFAIL\\n'; exit 1 ;; esac\n"), 0o700))
	out, err = run("./...")
	assert.NoError(t, err, out)
}
