package e2e

import (
	"fmt"
	"os"
	"strings"
)

// writeManifest writes the [local_server] part of a fastly.toml: names of backends and where they are, and what more there is.
func writeManifest(path string, more ...string) error {
	var b strings.Builder
	b.WriteString("manifest_version = 3\nname = \"e2e\"\nlanguage = \"go\"\n")
	for _, backend := range backends {
		fmt.Fprintf(&b, "\n[local_server.backends.%s]\nurl = %q\n", backend.name, backend.url())
	}
	// Without these the local host says on stderr that it prints lines which production would drop.
	for _, endpoint := range []string{traceEndpoint, noteEndpoint, faultEndpoint} {
		fmt.Fprintf(&b, "\n[setup.log_endpoints.%s]\n", endpoint)
	}
	for _, text := range more {
		b.WriteString(text)
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}
