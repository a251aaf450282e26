package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// writeManifest writes the [local_server] part of a fastly.toml with the suite's backends and log endpoints, and the text in
// more.
func writeManifest(path string, more ...string) error {
	var b strings.Builder
	b.WriteString("manifest_version = 3\nname = \"e2e\"\nlanguage = \"go\"\n")
	for _, backend := range backends {
		fmt.Fprintf(&b, "\n[local_server.backends.%s]\nurl = %q\n", backend.name, backend.url())
	}
	// Without these the local host warns on stderr that production would drop the lines it prints.
	for _, endpoint := range []string{traceEndpoint, noteEndpoint, plainEndpoint, faultEndpoint} {
		fmt.Fprintf(&b, "\n[setup.log_endpoints.%s]\n", endpoint)
	}
	for _, text := range more {
		b.WriteString(text)
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}

var localBackend = regexp.MustCompile(`(?m)^\[local_server\.backends\.(\w+)\]\nurl = ".*"$`)

// writeExampleManifest writes the example's own fastly.toml, with the suite's servers as its backends.
func writeExampleManifest(path string) error {
	text, err := os.ReadFile(root + "/fastly.toml")
	if err != nil {
		return err
	}
	replaced := 0
	text = localBackend.ReplaceAllFunc(text, func(section []byte) []byte {
		for _, o := range backends {
			if string(localBackend.FindSubmatch(section)[1]) == o.name {
				replaced++
				return fmt.Appendf(nil, "[local_server.backends.%s]\nurl = %q", o.name, o.url())
			}
		}
		return section
	})
	if replaced != 2 {
		return fmt.Errorf("of the backends in fastly.toml %d, not 2, are known to the suite", replaced)
	}
	return os.WriteFile(path, text, 0o600)
}
