package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

const platformStores = `
[local_server.kv_stores]
products = [{ key = "seed", data = "x" }]

[local_server.config_stores.settings]
format = "inline-toml"
[local_server.config_stores.settings.contents]
color = "hidden-value"

[local_server.secret_stores]
vault = [{ key = "token", data = "hidden-secret" }]

[local_server.acls]
blocked = "ACL"

[local_server.shielding_sites]
here = "Local"
there = { encrypted = "https://127.0.0.1:1", unencrypted = "http://127.0.0.1:1" }
`

// writePlatformManifest writes the manifest of the platform guest, with stores, ACLs and shields.
func writePlatformManifest(path string) error {
	list := dir + "/acl.json"
	if err := os.WriteFile(list, []byte(`{"entries":[{"op":"create","prefix":"192.0.2.0/24","action":"BLOCK"}]}`), 0o600); err != nil {
		return err
	}
	return writeManifest(path, strings.ReplaceAll(platformStores, "ACL", list))
}

type attrs = map[string]any

// called is the expected span of a call. An attribute whose value varies has the value any.
type called struct {
	name  string
	attrs attrs
}

var anything = struct{}{}

// calls requests a path and compares the spans below the server span, in order.
func (s *service) calls(t *testing.T, path string, want ...called) reply {
	t.Helper()
	r := s.get(t, path)
	require.Equal(t, 200, r.StatusCode, r.body)
	spans := s.spans(t, r.trace, len(want)+1)
	spans.nest(t)
	children := spans.under(spans.server(t))
	require.Len(t, children, len(want), r.body)
	for i, w := range want {
		got := children[i]
		assert.Equal(t, w.name, got.Name)
		assert.Equal(t, trace.SpanKindClient, got.Kind, w.name)
		values := got.attributes()
		for key, v := range w.attrs {
			if v == anything {
				assert.Contains(t, values, key, w.name)
				values[key] = anything
			}
		}
		assert.Equal(t, w.attrs, values, "%s: %s", w.name, r.body)
		_, failed := w.attrs["error.type"]
		assert.Equal(t, failed, got.Status.Code == trace.StatusError, w.name)
	}
	return r
}

func kvAttrs(operation string, more attrs) attrs {
	m := attrs{"db.system.name": "fastly.kv_store", "db.operation.name": operation, "db.collection.name": "products"}
	for k, v := range more {
		m[k] = v
	}
	return m
}

func TestPlatform(t *testing.T) {
	s := platform.afresh()

	t.Run("kv", func(t *testing.T) {
		s.calls(t, "/kv?name=a",
			called{"put products", kvAttrs("put", attrs{"fastly.kv_store.insert_mode": "overwrite"})},
			called{"put products", kvAttrs("put", attrs{"fastly.kv_store.insert_mode": "add", "error.type": "precondition_failed", "db.response.status_code": "precondition_failed"})},
			called{"get products", kvAttrs("get", attrs{"db.response.returned_rows": 1})},
			called{"list products", kvAttrs("list", attrs{"db.response.returned_rows": 1})},
			called{"delete products", kvAttrs("delete", attrs{"fastly.kv_store.found": true})},
			called{"get products", kvAttrs("get", attrs{"db.response.returned_rows": 0})},
			called{"get products", kvAttrs("get", attrs{"error.type": "inval", "db.response.status_code": "inval"})},
		)
		r := s.get(t, "/kv?keys&name=b")
		assert.Equal(t, "b", s.spans(t, r.trace, 8)[1].attribute("fastly.kv_store.key"))
	})
	t.Run("config", func(t *testing.T) {
		r := s.get(t, "/config?keys")
		spans := s.spans(t, r.trace, 5)
		inner := spans.named(t, "inner")
		got := spans.under(inner)
		require.Len(t, got, 1, "the parent is the span of WithContext")
		assert.Equal(t, "config_store get settings", got[0].Name)
		assert.Equal(t, attrs{"fastly.config_store.name": "settings", "fastly.config_store.key": "color", "fastly.config_store.found": true}, got[0].attributes())
		dict := spans.named(t, "dictionary get settings")
		assert.Equal(t, attrs{"fastly.dictionary.name": "settings", "fastly.dictionary.key": "color", "fastly.dictionary.found": true}, dict.attributes())
	})
	t.Run("secret", func(t *testing.T) {
		s.calls(t, "/secret?keys",
			called{"secret_store get vault", attrs{"fastly.secret_store.name": "vault", "fastly.secret_store.secret": "token", "fastly.secret_store.found": true}},
			called{"secret_store get vault", attrs{"fastly.secret_store.name": "vault", "fastly.secret_store.secret": "none", "fastly.secret_store.found": false}},
		)
	})
	t.Run("missing", func(t *testing.T) {
		s.calls(t, "/missing",
			called{"open none", attrs{"db.system.name": "fastly.kv_store", "db.operation.name": "open", "db.collection.name": "none", "error.type": "not_found", "db.response.status_code": "not_found"}},
			called{"config_store open none", attrs{"fastly.config_store.name": "none", "error.type": "not_found"}},
			called{"dictionary open none", attrs{"fastly.dictionary.name": "none", "error.type": "not_found"}},
			called{"secret_store open none", attrs{"fastly.secret_store.name": "none", "error.type": "not_found"}},
			called{"acl open none", attrs{"fastly.acl.name": "none", "error.type": "not_found"}},
			called{"shield lookup none", attrs{"fastly.shield.name": "none", "error.type": "inval"}},
			called{"backend lookup", attrs{"fastly.backend": "none", "fastly.backend.found": false}},
		)
	})
	t.Run("core", func(t *testing.T) {
		hit := attrs{"fastly.cache.outcome": "hit", "fastly.cache.age": anything, "fastly.cache.ttl": 60, "fastly.cache.stale": false}
		again := attrs{"fastly.cache.collapsed": anything}
		for k, v := range hit {
			again[k] = v
		}
		onViceroy(t, "it has no get_hits, which compute-sdk-go asks of every object it finds", func() {
			hit, again = attrs{"error.type": "unsupported"}, attrs{"fastly.cache.outcome": "hit"}
		})
		s.calls(t, "/core?name=c",
			called{"cache lookup", attrs{"fastly.cache.outcome": "miss"}},
			called{"cache transaction", attrs{"fastly.cache.outcome": "miss", "fastly.cache.collapsed": false}},
			called{"cache insert", attrs{"fastly.cache.ttl": 60}},
			called{"cache lookup", hit},
			called{"cache transaction", again},
			called{"purge", attrs{"fastly.purge.soft": true}},
			called{"cache lookup", attrs{"error.type": "inval"}},
		)
	})
	t.Run("simple", func(t *testing.T) {
		set := attrs{"fastly.cache.outcome": "miss", "fastly.cache.collapsed": false, "fastly.cache.ttl": 60}
		found := attrs{"fastly.cache.outcome": "hit", "fastly.cache.age": anything, "fastly.cache.ttl": 60, "fastly.cache.stale": false, "fastly.cache.collapsed": anything}
		onViceroy(t, noHits, func() {
			set["error.type"], found = "unsupported", attrs{"fastly.cache.outcome": "hit", "error.type": "unsupported"}
		})
		s.calls(t, "/simple?name=s",
			called{"simple_cache get", attrs{"fastly.cache.outcome": "miss"}},
			called{"simple_cache get_or_set", set},
			called{"simple_cache get_or_set", found},
			called{"simple_cache purge", attrs{}},
		)
		stale := attrs{"fastly.cache.outcome": "stale", "fastly.cache.stale": true, "fastly.cache.collapsed": false, "fastly.cache.ttl": 60}
		onViceroy(t, noHits, func() { stale["error.type"] = "unsupported" })
		torn := attrs{"fastly.cache.outcome": "miss", "fastly.cache.collapsed": false, "fastly.cache.ttl": 60, "error.type": "*errors.errorString"}
		onViceroy(t, noHits, func() { torn["error.type"] = "unsupported" })
		r := s.calls(t, "/get-or-set?name=g",
			called{"simple_cache get_or_set", attrs{"fastly.cache.outcome": "miss", "fastly.cache.collapsed": false}},
			called{"simple_cache get_or_set", torn},
			called{"simple_cache get_or_set", set},
			called{"simple_cache get_or_set", found},
			called{"simple_cache get_or_set", stale},
			called{"simple_cache get_or_set", attrs{"error.type": "inval"}},
		)
		assert.Contains(t, r.body, "same\n", "as the original: %s", r.body)
	})
	t.Run("lookups", func(t *testing.T) {
		s.calls(t, "/lookups?name=me",
			called{"geo lookup", attrs{"fastly.geo.found": true}},
			called{"device lookup", attrs{"fastly.device.found": false}},
			called{"acl lookup blocked", attrs{"fastly.acl.name": "blocked", "fastly.acl.found": true, "fastly.acl.action": "BLOCK"}},
			called{"acl lookup blocked", attrs{"fastly.acl.name": "blocked", "fastly.acl.found": false}},
			called{"erl check_rate rc", attrs{"fastly.erl.rate_counter": "rc", "fastly.erl.penalty_box": "pb", "fastly.erl.delta": 1, "fastly.erl.blocked": false}},
			called{"backend register", attrs{"fastly.backend": "dynamic", "fastly.backend.target": "127.0.0.1:1"}},
		)
	})

	for path, n := range map[string]int{"/modes": 8, "/has": 7, "/rates": 8, "/shield": 4, "/stale": 7, "/stream-back": 3, "/bad": 7} {
		t.Run(path[1:], func(t *testing.T) {
			why := ""
			switch path {
			case "/stale", "/stream-back":
				why = noHits
			case "/rates":
				why = "it counts nothing and blocks nobody"
			}
			r := s.get(t, path+"?name="+path[1:])
			require.Equal(t, 200, r.StatusCode, r.body)
			list := s.spans(t, r.trace, n)
			list.nest(t)
			w := whole
			w.Attributes = []string{"fastly.*", "db.*", "error.*"}
			w.Vary = append(w.Vary, "fastly.backend") // each host chooses its own name for a shield's backend
			list.golden(t, "platform/"+path[1:], w, why)
		})
	}
	t.Run("collapse", func(t *testing.T) {
		// Either request may make the object. If the machine is so slow that the second request comes too late, the requests
		// are repeated with another object.
		var collapsed []any
		for try := 0; try < 10 && !slices.Contains(collapsed, any(true)); try++ {
			path := fmt.Sprintf("/collapse?name=collapse-%d", try)
			maker := make(chan reply)
			go func() { maker <- s.get(t, path) }()
			collapsed = nil
			for _, r := range []reply{s.get(t, path), <-maker} {
				n := 3
				if strings.Contains(r.body, "found") {
					n = 2
				}
				spans := s.spans(t, r.trace, n)
				collapsed = append(collapsed, spans.named(t, "cache transaction").attribute("fastly.cache.collapsed"))
			}
			if host.name == "viceroy" {
				break
			}
		}
		onLocal(t, "it has all that is asked", func() { assert.ElementsMatch(t, []any{true, false}, collapsed) })
		onViceroy(t, noHits, func() { assert.ElementsMatch(t, []any{nil, false}, collapsed) })
	})

	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	assert.Empty(t, s.log.faults)
	for _, line := range s.log.all {
		assert.NotContains(t, line, "hidden-", "a value has been recorded")
	}
}
