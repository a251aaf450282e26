package manifest

import (
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBackends(t *testing.T) {
	m, err := Parse(`
manifest_version = 3
name = "service"
[local_server.backends.plain]
url = "http://127.0.0.1:8080/base"
[local_server.backends."with.dots"]
url = "https://a.example"
override_host = "b.example"
cert_host = "c.example"
use_sni = false
grpc = true
first_byte_timeout_ms = 1500
between_bytes_timeout_ms = 0
health = "UNHEALTHY"
`, "")
	require.NoError(t, err)
	assert.Equal(t, "service", m.Name)
	plain, secure := m.Backends["plain"], m.Backends["with.dots"]
	assert.Equal(t, "127.0.0.1:8080", plain.Address())
	assert.False(t, plain.TLS())
	assert.Equal(t, "/base", plain.URL.Path)
	assert.Equal(t, "a.example:443", secure.Address())
	assert.True(t, secure.TLS())
	assert.Equal(t, Backend{
		URL: secure.URL, OverrideHost: "b.example", CertHost: "c.example", NoSNI: true, GRPC: true,
		FirstByteTimeout: 1500 * time.Millisecond, Health: Unhealthy,
	}, *secure)
}

func TestLogEndpoints(t *testing.T) {
	m, err := Parse(`
[setup.log_endpoints.otlp_logs]
provider = "s3"
[setup.log_endpoints."a b"]
[local_server.log_endpoints.local]
`, "")
	require.NoError(t, err)
	assert.Equal(t, map[string]bool{"otlp_logs": true, "a b": true, "local": true}, m.LogEndpoints)
}

func TestEmpty(t *testing.T) {
	m, err := Parse("", "")
	require.NoError(t, err)
	place, ok := m.Geo.Lookup(netip.MustParseAddr("::ffff:127.0.0.1"))
	assert.True(t, ok)
	assert.Contains(t, place, "San Francisco")
	_, ok = m.Geo.Lookup(netip.MustParseAddr("192.0.2.1"))
	assert.False(t, ok)
}

func TestStores(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("config.json", `{"a":"1"}`)
	write("kv.json", `{"plain":"text","full":{"file":"data.bin","metadata":"m"}}`)
	write("data.bin", "bytes")
	write("secrets.json", `{"one":"1"}`)
	write("geo.json", `{"192.0.2.1":{"city":"Oslo"}}`)
	write("devices.json", `{"agent":{"device":{"name":"x"}}}`)
	write("acl.json", `{"entries":[{"prefix":"192.0.2.9/24","action":"block"}]}`)
	t.Setenv("EDGESPAN_TEST_SECRET", "from env")

	m, err := Parse(`
[local_server]
fake_valid_fastly_keys = ["key"]
[local_server.dictionaries.dict]
format = "json"
file = "config.json"
[local_server.object_store]
inline = [{ key = "k", data = "v" }, { key = "old", path = "data.bin" }]
empty = []
[local_server.object_store.file]
file = "kv.json"
format = "json"
[[local_server.secret_stores.vault]]
key = "env"
env = "EDGESPAN_TEST_SECRET"
[local_server.secret_stores.file]
file = "secrets.json"
format = "json"
[local_server.geolocation]
use_default_loopback = false
format = "json"
file = "geo.json"
[local_server.device_detection]
format = "json"
file = "devices.json"
[local_server.acls.list]
file = "acl.json"
[local_server.shielding_sites]
here = "local"
`, dir)
	require.NoError(t, err)
	assert.Equal(t, map[string]bool{"key": true}, m.FastlyKeys)

	items, err := m.ConfigStores["dict"].Load()
	assert.NoError(t, err)
	assert.Equal(t, map[string]string{"a": "1"}, items)
	write("config.json", `{"a":"2"}`)
	items, _ = m.ConfigStores["dict"].Load()
	assert.Equal(t, "2", items["a"], "a file is read each time")

	assert.Equal(t, map[string]map[string]KVEntry{
		"inline": {"k": {Data: []byte("v")}, "old": {Data: []byte("bytes")}},
		"empty":  {},
		"file":   {"plain": {Data: []byte("text")}, "full": {Data: []byte("bytes"), Metadata: "m"}},
	}, m.KVStores)
	assert.Equal(t, map[string]map[string][]byte{
		"vault": {"env": []byte("from env")}, "file": {"one": []byte("1")},
	}, m.SecretStores)
	place, _ := m.Geo.Lookup(netip.MustParseAddr("192.0.2.1"))
	assert.Equal(t, `{"city":"Oslo"}`, place)
	_, ok := m.Geo.Lookup(netip.MustParseAddr("127.0.0.1"))
	assert.False(t, ok)
	device, _ := m.Devices.Lookup("agent")
	assert.Equal(t, `{"device":{"name":"x"}}`, device)
	entry, ok := m.ACLs["list"].Lookup(netip.MustParseAddr("192.0.2.200"))
	assert.True(t, ok)
	assert.Equal(t, ACLEntry{Prefix: netip.MustParsePrefix("192.0.2.0/24"), Action: "BLOCK"}, entry)
	assert.Equal(t, map[string]Shield{"here": {Local: true}}, m.Shields)
}

func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ toml, want string }{
		{"a = ", "line 1"},
		{"manifest_version = 4", "newer"},
		{"local_server = 1", "local_server must be a table"},
		{"[local_server]\nbackends = 1", "[local_server]: backends must be a table"},
		{"[local_server.backends]\na = 1", "a must be a table with a url"},
		{"[local_server.backends.a]", "[local_server.backends.a]: url is missing"},
		{"[local_server.backends.a]\nurl = 1", "url must be a string"},
		{"[local_server.backends.a]\nurl = 'ftp://x'", "must begin with http://"},
		{"[local_server.backends.a]\nurl = 'http://'", "names no host"},
		{"[local_server.backends.a]\nurl = '127.0.0.1:1'", `[local_server.backends.a]: url "127.0.0.1:1" must begin with http:// or https://, as in "http://127.0.0.1:1"`},
		{"[local_server.backends.a]\nurl = 'localhost:1/x'", `as in "http://localhost:1/x"`},
		{"[local_server.backends.a]\nurl = '//localhost'", `as in "http://localhost"`},
		{"[local_server.backends.a]\nurl = 'http://a b'", "url: parse"},
		{"[local_server.backends.a]\nurl = 'http://x'\noverride_hosts = 'y'", `unknown key "override_hosts": did you mean "override_host"? (known: url, override_host, cert_host,`},
		{"[local_server.backends.a]\nurl = 'http://x'\noverride_host = ' '", "override_host must not be empty"},
		{"[local_server.backends.a]\nurl = 'http://x'\nuse_sni = 'no'", "use_sni must be true or false"},
		{"[local_server.backends.a]\nurl = 'http://x'\nfirst_byte_timeout_ms = -1", "zero or more"},
		{"[local_server.backends.a]\nurl = 'http://x'\nhealth = 'ill'", `health is "ill"`},
		{"[local_server.backends.a]\nurl = 'http://x'\nca_certificate = 'x'\nclient_certificate = 1", "client_certificate must be a table"},
		{"[local_server.config_stores.a]", `format must be "inline-toml" or "json"`},
		{"[local_server.config_stores.a]\nformat = 'inline-toml'", `the key "contents" is missing`},
		{"[local_server.config_stores.a]\nformat = 'inline-toml'\ncontents = { k = 1 }", "k must be a string"},
		{"[local_server.config_stores.a]\nformat = 'json'\nfile = 'none.json'", "none.json"},
		{"[local_server.config_stores.a]\nformat = 'json'\nfile = ''", "file must not be empty"},
		{"[local_server.config_stores]\n[local_server.dictionaries]", "two names of the same section"},
		{"[local_server.secret_stores]\n'a b' = []", "cannot be the name of a secret store"},
		{"[local_server.secret_stores]\na = [{ data = 'x' }]", "an item has no key"},
		{"[local_server.secret_stores]\na = [{ key = 'k' }]", `item "k": it needs one of file, data, env`},
		{"[local_server.secret_stores]\na = [{ key = 'k', data = 'x', env = 'Y' }]", `item "k": it has both data and env`},
		{"[local_server.kv_stores]\na = 1", "a must be an array of tables"},
		{"[local_server.kv_stores]\na = [1]", "a must be an array of tables"},
		{"[local_server.kv_stores]\na = [{ key = '..', data = '' }]", `item "..": the key has`},
		{"[local_server.kv_stores]\na = [{ key = 'k' }]", `item "k": it needs one of file, data`},
		{"[local_server.kv_stores]\na = [{ key = 'k', file = 'none', data = 'x' }]", `item "k": it has both file and data: use one`},
		{"[local_server.kv_stores]\na = [{ key = 'k', path = 'none', data = 'x' }]", `item "k": it has both path and data: use one`},
		{"[local_server.kv_stores]\na = [{ key = 'k', file = 'none', path = 'number.json' }]", `item "k": open `},
		{"[local_server.secret_stores]\na = [{ key = 'k', file = 'none', env = 'Y' }]", `item "k": it has both file and env: use one`},
		{"[local_server.kv_stores.a]\nfile = 'x.json'", `format = "json"`},
		{"[local_server.kv_stores.s]\nfile = 'number.json'\nformat = 'json'", `number.json: the value of "a" must be a string`},
		{"[local_server.secret_stores.s]\nfile = 'data.json'\nformat = 'json'", `data.json: item "a": data must be a string`},
		{"[local_server.geolocation]\nformat = 'inline-toml'\n[local_server.geolocation.addresses.nowhere]", "addresses: "},
		{"[local_server.geolocation]\nformat = 'xml'", `format must be`},
		{"[local_server.geolocation]\nformat = 'inline-toml'\naddresses.'192.0.2.1' = { city = ['Oslo'] }", "[local_server.geolocation.addresses.192.0.2.1]: city must be a string, a number, true or false"},
		{"[local_server.device_detection]\nformat = 'inline-toml'", "user_agents is missing"},
		{"[local_server.acls]\na = 'none.json'", "none.json"},
		{"[local_server.shielding_sites]\na = 'remote'", `must be "Local"`},
		{"[local_server.shielding_sites]\na = { encrypted = 'x' }", "must be a URL"},
		{"[local_server]\nfake_valid_fastly_keys = 'x'", "array of strings"},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{"number.json": `{"a":1}`, "data.json": `{"a":{"data":1}}`} {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		}
		_, err := Parse(tt.toml, dir)
		assert.ErrorContains(t, err, tt.want, tt.toml)
	}
	_, err := Read(filepath.Join(t.TempDir(), "fastly.toml"))
	assert.ErrorContains(t, err, "--manifest")
}

// Viceroy accepts these silently, but nobody intends them.
func TestNotices(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "geo.json"), []byte(`{"192.0.2.1":{"city":[]},"192.0.2.2":{"city":4,"as_number":1.5}}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "empty.json"), []byte("{}"), 0o600))
	places := "(known: area_code, as_name, as_number, city, conn_speed, conn_type, continent, country_code, country_code3, country_name, latitude, longitude, metro_code, postal_code, proxy_description, proxy_type, region, utc_offset)"
	for _, tt := range []struct {
		toml string
		want []string
	}{
		{"[local_server.backend.b]\nurl = 'http://x'\n[local_server.foo]\n[local_server.object_store]\n[local_server.log_endpoints.x]", []string{
			`[local_server]: the section "backend" is unknown and ignored: did you mean "backends"? (known: acls, backends, config_stores, device_detection, fake_valid_fastly_keys, geolocation, kv_stores, log_endpoints, secret_stores, shielding_sites)`,
			`[local_server]: the section "foo" is unknown and ignored (known: acls, backends, config_stores, device_detection, fake_valid_fastly_keys, geolocation, kv_stores, log_endpoints, secret_stores, shielding_sites)`,
		}},
		{"[local_server.geolocation]\nformat = 'inline-toml'\nuse_default_loopbak = false\n[local_server.geolocation.addresses.'192.0.2.1']\nlatitude = 'x'\ncity = 3\nlongitude = 7\narea_code = 415.0\ncontry_code = 'NO'\n" +
			"[local_server.geolocation.addresses.'192.0.2.2']\nlatitude = 'y'", []string{
			`[local_server.geolocation]: unknown key "use_default_loopbak" is ignored: did you mean "use_default_loopback"? (known: format, addresses, file, use_default_loopback)`,
			`[local_server.geolocation]: city of 192.0.2.1 is 3, where a string is expected: a service's lookup of the address may fail`,
			`[local_server.geolocation]: contry_code of 192.0.2.1 is unknown to geolocation ` + places,
			`[local_server.geolocation]: latitude of 192.0.2.1 is "x", where a number is expected: a service's lookup of the address may fail`,
		}},
		{"[local_server.geolocation]\nformat = 'json'\nfile = 'geo.json'", []string{
			`[local_server.geolocation]: city of 192.0.2.1 is [], where a string is expected: a service's lookup of the address may fail`,
			`[local_server.geolocation]: as_number of 192.0.2.2 is 1.5, where a whole number is expected: a service's lookup of the address may fail`,
		}},
		{"[local_server.device_detection]\nuser_agent = 'x'", []string{`[local_server.device_detection]: unknown key "user_agent" is ignored: did you mean "user_agents"? (known: format, user_agents, file)`}},
		{"[[local_server.secret_stores.vault]]\nkey = 'k'\nenv = 'EDGESPAN_TEST_NO_SUCH'", []string{`[local_server.secret_stores.vault]: item "k": the environment has no variable EDGESPAN_TEST_NO_SUCH, so the secret is empty`}},
		{"[[local_server.kv_stores.s]]\nkey = 'k'\ndata = ''\nmeta = 'm'", []string{`[local_server.kv_stores.s]: item "k": unknown key "meta" is ignored (known: key, file, path, data, metadata)`}},
		{"[local_server.kv_stores.s]\nformat = 'json'\nfile = 'empty.json'\nfiles = 1", []string{`[local_server.kv_stores.s]: unknown key "files" is ignored: did you mean "file"? (known: file, format)`}},
		{"nam = 'x'\nmanifest-version = 3\n[local_servr.backends.b]\nurl = 'http://x'\n[LocalServer]\n[set_up.log_endpoints.x]\n[kv_stores]\n[deploy]\n[script]", []string{
			`"LocalServer" is unknown and ignored: did you mean "local_server"?`,
			`the section "kv_stores" is ignored here: did you mean [local_server.kv_stores]?`,
			`"local_servr" is unknown and ignored: did you mean "local_server"?`,
			`"manifest-version" is unknown and ignored: did you mean "manifest_version"?`,
			`"nam" is unknown and ignored: did you mean "name"?`,
			`"script" is unknown and ignored: did you mean "scripts"?`,
			`"set_up" is unknown and ignored: did you mean "setup"?`,
		}},
		{"[setup.log_endpoint.x]\n[setup.products.fanout]\n[setup.other]", []string{`[setup]: the section "log_endpoint" is unknown and ignored: did you mean "log_endpoints"?`}},
	} {
		m, err := Parse(tt.toml, dir)
		require.NoError(t, err, tt.toml)
		assert.Equal(t, tt.want, m.Notices)
	}
}

// A key that is missing is often there under another name, so the notice comes before the error.
func TestNoticesBeforeAMistake(t *testing.T) {
	m, err := Parse("[local_server.acls.a]\nfiel = 'acl.json'", "")
	require.ErrorContains(t, err, "[local_server.acls.a]: the key \"file\" is missing")
	assert.Equal(t, []string{`[local_server.acls.a]: unknown key "fiel" is ignored: did you mean "file"? (known: file)`}, m.Notices)
	for _, text := range []string{"a = ", "manifest_version = 4", "local_server = 1"} {
		m, err := Parse(text, "")
		require.Error(t, err)
		assert.Empty(t, m.Notices, text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[local_server.backends.a]\nurl = \"http://x\"\n[local_server.kv_stores]\na = [{key=\"k\", data=\"v\"}]")
	f.Add("[local_server.backends.a]\nurl = \"http://x\"\nca_certificate = [{value=\"x\"}]")
	f.Fuzz(func(t *testing.T, text string) { Parse(text, t.TempDir()) })
}

func TestKVKeys(t *testing.T) {
	for key, good := range map[string]bool{
		"a": true, "a/b.c": true, "ключ": true, "a.": true, "..a": true,
		"": false, ".": false, "..": false, "a/../b": false, "a/./b": false, "a/.": false, "a/..": false,
		"a\nb": false, "a#b": false, "a;b": false, "a?b": false, "a^b": false, "a|b": false, " ": false,
		".well-known/acme-challenge/x": false,
	} {
		assert.Equal(t, good, CheckKVKey(key) == "", "%q", key)
	}
}

// A timeout longer than a time.Duration can hold is a long one. It must not overflow to one that has passed.
func TestVeryLongTimeouts(t *testing.T) {
	for _, n := range []int64{math.MaxInt64, math.MaxInt64 / 1_000_000, 1<<44 + 1} {
		d, err := (table{m: map[string]any{"x": n}}).millis("x")
		require.NoError(t, err)
		assert.Equal(t, min(n, math.MaxInt64/1_000_000), d.Milliseconds())
	}
}
