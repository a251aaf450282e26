package host

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLogLines(t *testing.T) {
	f := start(t, declared)
	for _, line := range []string{`{"a":1}`, "ends\n", "two\nlines\n\n", "", "\n", "bytes \xff\x00"} {
		f.body("/log?to=declared&line=" + url.QueryEscape(line))
	}
	assert.Equal(t, "declared :: {\"a\":1}\ndeclared :: ends\ndeclared :: two\\nlines\\n\ndeclared :: bytes \xff\x00\n", f.stdout.String())
	assert.Empty(t, f.stderr.String())
}

// Lines that cannot be printed, because the disk is full for example, are lost. The host says so once.
func TestLogLinesThatCanNotBePrinted(t *testing.T) {
	f := start(t, declared, func(c *Config) { c.Stdout = fullDisk{} })
	f.body("/log?to=declared&line=1&line=2")
	assert.Equal(t, "edgespan serve: the service's log lines cannot be written to stdout and are lost: no space left on device\n", f.stderr.String())
}

func TestUndeclaredEndpoint(t *testing.T) {
	f := start(t, declared)
	f.body("/log?to=other.name&line=1&line=2")
	f.body("/log?to=other.name&line=3")
	assert.Equal(t, "other.name :: 1\nother.name :: 2\nother.name :: 3\n", f.stdout.String(), "printed all the same")
	assert.Equal(t, 1, strings.Count(f.stderr.String(), "\n"), "one notice")
	assert.Contains(t, f.stderr.String(), `[setup.log_endpoints."other.name"]`)
}

func TestReservedEndpoint(t *testing.T) {
	for name, reserved := range map[string]bool{
		"stdout": true, "STDERR": true, "fst_managed_x": true, "stdout2": false, "x": false, "": false,
	} {
		assert.Equal(t, reserved, reservedEndpoint(name), name)
	}
}

func TestGuestOutput(t *testing.T) {
	f := start(t, "")
	f.body("/output")
	assert.Equal(t, "on stdout\n", f.stdout.String())
	assert.Equal(t, "on stderr\n", f.stderr.String())

	f = start(t, "", func(c *Config) { c.LogStdout, c.LogStderr = true, true })
	f.body("/output")
	assert.Equal(t, "stdout :: on stdout\nstderr :: on stderr\n", f.stdout.String())
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
