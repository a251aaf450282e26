package e2e

import (
	"fmt"
	"os"
	"time"
)

// lastRun is a file that each run changes. The go command does not cache the result of a test that has read a file changed so
// recently. Caching would be wrong here, since the go command does not know that the result depends on the sources of the
// services.
const lastRun = ".last-run"

func readLastRun() { _, _ = os.ReadFile(lastRun) }

func writeLastRun(status int) {
	text := fmt.Sprintf("%s on %s, exit code %d\n", time.Now().Format(time.RFC3339), host.name, status)
	_ = os.WriteFile(lastRun, []byte(text), 0o600)
}
