package recipes

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var tomlBlock = regexp.MustCompile("(?ms)^ *```toml\n(.*?)```")

// A first deployment with the fastly.toml of a page asks for the page's log endpoint. The CLI does nothing else with that
// section.
func TestManifests(t *testing.T) {
	cli := newCLI(t)
	checked := 0
	for _, page := range pages(t) {
		text, err := os.ReadFile(filepath.Join(checkout, page))
		require.NoError(t, err)
		for _, block := range tomlBlock.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(block[1], "log_endpoints") {
				continue
			}
			t.Run(page, func(t *testing.T) {
				m := regexp.MustCompile(`^\s*\[setup\.log_endpoints\.(\w+)\]\s*provider = "(\w+)"\s*$`).FindStringSubmatch(block[1])
				require.NotNil(t, m, "provider is the only setting of an endpoint, in: %s", block[1])
				name := strings.NewReplacer("/", "-", ".", "-").Replace(page)
				manifest := "manifest_version = 3\nname = \"" + name + "\"\nlanguage = \"go\"\nservice_id = \"\"\n" + block[1]
				require.NoError(t, os.WriteFile(filepath.Join(cli.dir, "fastly.toml"), []byte(manifest), 0o600))
				require.NoError(t, os.WriteFile(filepath.Join(cli.dir, "pkg.tar.gz"), pack(t, name, manifest), 0o600))
				out := cli.output(t, "compute", "deploy", "--package=pkg.tar.gz", "--non-interactive", "--status-check-off")
				require.Regexp(t, `Name:\S* `+m[1]+`\s`, out)
				require.Regexp(t, `Provider:\S* `+m[2]+`\s`, out)
				cli.api.await(t, `^200 PUT .*/activate$`)
			})
			checked++
		}
	}
	require.Greater(t, checked, 8)
}

// pack returns a package of an empty module.
func pack(t *testing.T, name, manifest string) []byte {
	t.Helper()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zip)
	for path, text := range map[string]string{"fastly.toml": manifest, "bin/main.wasm": "\x00asm\x01\x00\x00\x00"} {
		require.NoError(t, archive.WriteHeader(&tar.Header{Name: name + "/" + path, Mode: 0o644, Size: int64(len(text))}))
		_, err := archive.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	require.NoError(t, zip.Close())
	return packed.Bytes()
}
