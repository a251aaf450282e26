package e2e

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

// run sets up the directory, the origins and the host. A service starts when the first test uses it.
func run(m *testing.M) int {
	var err error
	if dir, err = os.MkdirTemp("", "edgespan-e2e-"); err == nil {
		host, err = newHost(os.Getenv("EDGESPAN_E2E_HOST"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	defer func() {
		if os.Getenv("EDGESPAN_E2E_KEEP") == "" {
			os.RemoveAll(dir)
		} else {
			fmt.Fprintln(os.Stderr, "e2e: kept", dir)
		}
	}()
	startOrigins()
	defer stopOrigins()

	status := m.Run()
	defer func() { writeLastRun(status) }()
	for _, s := range services {
		s.stop()
	}
	if faults := judge(os.Stderr); faults > 0 {
		fmt.Fprintf(os.Stderr, "e2e: %d faults in the lines of the whole run\n", faults)
		status = max(status, 1)
	}
	return status
}

// dir has the compiled services, manifests and output until the end of the run.
var dir string
