package host

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/manifest"
)

const storesManifest = `
[local_server.config_stores.inline]
format = "inline-toml"
[local_server.config_stores.inline.contents]
key = "inline value"
[local_server.config_stores.file]
format = "json"
file = "config.json"
[local_server.secret_stores]
vault = [{key="data", data="secret"}, {key="file", file="secret.txt"}, {key="env", env="EDGESPAN_TEST_SECRET"}]
[local_server.kv_stores]
items = [{key="inline", data="v", metadata="meta"}, {key="file", file="secret.txt"}]
[local_server.geolocation]
format = "inline-toml"
[local_server.geolocation.addresses."192.0.2.7"]
city = "Oslo"
country_code = "NO"
as_number = 7
[local_server.geolocation.addresses."2001:db8::1"]
city = "Bergen"
[local_server.device_detection]
format = "inline-toml"
[local_server.device_detection.user_agents."known agent".device]
name = "Phone"
is_mobile = true
[local_server.acls]
list = "acl.json"
[local_server.shielding_sites]
here = "Local"
`

func TestStores(t *testing.T) {
	t.Setenv("EDGESPAN_TEST_SECRET", "from env")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"config.json": `{"key":"file value"}`,
		"secret.txt":  "from file",
		"acl.json": `{"entries":[{"op":"create","prefix":"192.0.2.0/24","action":"BLOCK"},
			{"op":"create","prefix":"192.0.2.0/25","action":"allow"},{"op":"create","prefix":"2001:db8::/32","action":"BLOCK"}]}`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	m, err := manifest.Parse(storesManifest, dir)
	require.NoError(t, err)
	f := start(t, "", func(c *Config) { c.Manifest = m })

	for _, tt := range []struct{ path, want string }{
		{"/config", `
inline: "inline value" <nil>
inline: key not found
file: "file value" <nil>
file: key not found
none: config store not found
dictionary: "inline value"
`},
		{"/secrets", `
data: "secret" <nil>
file: "from file" <nil>
env: "from env" <nil>
nothing: "" secret not found
secret store not found
made
`},
		{"/kv", `
none: kvstore: store not found
inline: "v" meta "meta" generation true
file: "from file" meta "" generation true
nothing: kvstore: key not found
insert new: <nil>
new: "b" meta "m" generation true
insert new: <nil>
insert new: <nil>
new: "abc" meta "" generation true
insert new: kvstore: precondition failed
insert new: kvstore: precondition failed
insert bad#key: kvstore: invalid key
insert short: <nil>
short: kvstore: key not found
delete: <nil> kvstore: key not found
page: [file]
page: [inline]
list: <nil>
with prefix: [inline]
`},
		{"/lookups", `
127.0.0.1: San Francisco US 54113
192.0.2.7: Oslo NO 7
2001:db8::1: Bergen  0
203.0.113.9:   0
Phone true <nil>
true
acl: not found
192.0.2.7 {192.0.2.0/25 ALLOW} <nil>
192.0.2.200 {192.0.2.0/24 BLOCK} <nil>
203.0.113.9 { } acl: no content
2001:db8::1 {2001:db8::/32 BLOCK} <nil>
`},
		{"/limits", `
<nil> 605 10
false <nil> true
false true true 
invalid argument
invalid argument
invalid argument
invalid argument
invalid argument
`},
		{"/shield", `
here: running true
there: Fastly error: Inval
nowhere: Fastly error: Inval
`},
	} {
		assert.Equal(t, strings.TrimLeft(tt.want, "\n"), f.body(tt.path), tt.path)
	}
	for _, notice := range []string{
		"config store \"none\", which does not exist; known are: file, inline. Add it with [local_server.config_stores.none]\n",
		"secret store \"none\", which does not exist; known are: vault. Add it with [[local_server.secret_stores.none]]\n",
		"KV store \"none\", which does not exist; known are: items. Add it with [[local_server.kv_stores.none]]\n",
		"ACL \"none\", which does not exist; known are: list. Add it with [local_server.acls.none]\n",
	} {
		assert.Equal(t, 1, strings.Count(f.stderr.String(), "the service opened "+notice), notice)
	}
}

func TestCoreCache(t *testing.T) {
	f := start(t, "")
	assert.Equal(t, strings.TrimLeft(`
first: cache: object not found
insert: <nil>
found: "0123456789" <nil> length 10 ttl 1m0s meta "m" stale false usable true
range: "234"
range: "0123456789"
transaction: false false
soft purge: <nil>
transaction: false true
update: <nil>
updated: "0123456789" <nil> length 10 ttl 1h0m0s meta "" stale false usable true
purge: <nil>
purged: cache: object not found
transaction: true true <nil>
stream back: <nil>
read back: "streamed"
insert: <nil>
insert: <nil>
fr: "fr" <nil> length 2 ttl 1m0s meta "" stale false usable true
de: "de" <nil> length 2 ttl 1m0s meta "" stale false usable true
it: "streamed" <nil> length 8 ttl 1m0s meta "" stale false usable true
insert: <nil>
expired: cache: object not found
`, "\n"), f.body("/cache"))
	assert.Equal(t, "made\nmade\ncalls: 1 <nil>\ncache: object not found\n", f.body("/simple"))
}

// Of many lookups of the same object, only one asks the backend.
func TestRequestCollapsing(t *testing.T) {
	var asked atomic.Int64
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "answer %d", asked.Add(1))
	}))
	defer origin.Close()
	f := start(t, backend("origin", origin.URL))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { assert.Equal(t, "answer 1", f.body("/collapse")) })
	}
	wg.Wait()
	assert.Equal(t, int64(1), asked.Load())
}

func TestShieldAndBackendGetters(t *testing.T) {
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "shielded") }))
	defer origin.Close()
	f := start(t, backend("origin", origin.URL)+"override_host = \"over.example\"\nhealth = \"Healthy\"\n"+
		backend("secure", "https://a.example")+fmt.Sprintf(`
[local_server.shielding_sites.there]
encrypted = %q
unencrypted = %q
`, origin.URL, origin.URL))
	assert.Contains(t, f.body("/shield"), "there: running false\nshielded\n")
	body := f.body("/backends")
	assert.Contains(t, body, `dynamic false ssl false host "over.example" health healthy <nil>`)
	assert.Contains(t, body, `secure: target a.example:443 dynamic false ssl true host "" health unknown <nil>`)
	assert.Contains(t, body, "none: backend not found")
}
