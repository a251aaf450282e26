package host

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

// A notice can be pasted into fastly.toml, whatever the name is.
func TestTheTableOfANoticeIsTOML(t *testing.T) {
	for _, name := range []string{"", "a", "a-b_C9", "a.b", `a"b`, `a\b`, "a\nb\x00\x1b\x7f", "ä 🎉", "\u202e", "[x]"} {
		m, err := manifest.Parse("[local_server.backends."+tomlKey(name)+"]\nurl = 'http://x'\n", t.TempDir())
		require.NoError(t, err, "%q", name)
		assert.Contains(t, m.Backends, name)
	}
	assert.Equal(t, "a-b_C9", tomlKey("a-b_C9"))
}

func TestNamesInNotices(t *testing.T) {
	f := start(t, "")
	f.get("/socket?backend=")
	f.stderr.eventually(t, `backend "", which does not exist; there are none. Add it with [local_server.backends.""]`+"\n")

	f.stderr.clear()
	f.get("/socket?backend=" + url.QueryEscape("a\x1b"))
	f.stderr.eventually(t, `backend "a\x1b", which does not exist; there are none. Add it with [local_server.backends."a\U0000001B"]`+"\n")

	f.stderr.clear()
	f.get("/log?line=1&to=" + strings.Repeat("x", 10_000))
	f.stderr.eventually(t, `the service logs to "`+strings.Repeat("x", 64)+`"… (10000 bytes), which`)
	f.stderr.eventually(t, "Declare it with [setup.log_endpoints.NAME]\n")

	f.stderr.clear()
	f.get("/socket?backend=" + strings.Repeat("x", 10_000))
	f.stderr.eventually(t, `backend "`+strings.Repeat("x", 64)+`"… (10000 bytes), which`)
	f.stderr.eventually(t, "Add it with [local_server.backends.NAME]\n")
}

// A service built with the tag fsthttp_guest_cache does not learn that its hooks are not called.
func TestNoticeOfHooksThatAreNotCalled(t *testing.T) {
	f := start(t, "")
	require.Equal(t, statusUnsupported, f.host.unsupported("fastly_http_cache.is_request_cacheable")(nil))
	f.stderr.eventually(t, "returned 'unsupported'. compute-sdk-go therefore sends requests without its cache, and does not call CacheOptions.BeforeSend and AfterSend\n")
	f.stderr.clear()
	require.Equal(t, statusUnsupported, f.host.unsupported("fastly_x.y")(nil))
	f.stderr.eventually(t, "called fastly_x.y, which this host does not implement: the call returned 'unsupported'\n")
}
