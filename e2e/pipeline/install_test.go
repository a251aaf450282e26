package pipeline

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// On a clean machine the script that installs Kafka installs Java and Maven too, if it may. The test replaces apt-get and the
// packages that it installs; the script's other commands are those of the machine.
func TestInstallKafkaBringsJavaAndMaven(t *testing.T) {
	bin, tools := t.TempDir(), t.TempDir()
	for _, name := range []string{"bash", "env", "cat", "chmod", "cmp", "cp", "dirname", "basename", "flock", "head", "mkdir", "mktemp", "rm", "sed"} {
		if path, err := exec.LookPath(name); err == nil {
			require.NoError(t, os.Symlink(path, filepath.Join(bin, name)))
		}
	}
	act := func(name, script string) {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/usr/bin/env bash\n"+script), 0o755))
	}
	act("id", "echo 0\n")
	act("apt-get", `echo "$*" >>"$BIN/asked"
bring() { printf '#!/usr/bin/env bash\n%s\n' "$2" >"$BIN/$1"; chmod +x "$BIN/$1"; }
case $* in
*jre*) bring java 'echo "openjdk version \"17.0.1\"" >&2' ;;
*maven) bring mvn 'echo "mvn ran" >&2; exit 1' ;;
esac
`)
	cmd := exec.Command("bash", "../../scripts/install-kafka.sh")
	cmd.Env = []string{"PATH=" + bin, "BIN=" + bin, "EDGESPAN_TOOLS=" + tools}
	out, err := cmd.CombinedOutput()
	assert.Error(t, err, "there is no Kafka in it")
	assert.Contains(t, string(out), "mvn ran")
	asked, err := os.ReadFile(filepath.Join(bin, "asked"))
	require.NoError(t, err, "%s", out)
	assert.Equal(t, "update -qq\ninstall -y -qq default-jre-headless\nupdate -qq\ninstall -y -qq maven\n", string(asked))
}
