package nearest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestName(t *testing.T) {
	known := []string{"acls", "backends", "config_stores", "kv_stores", "local_server", "name", "setup", "url"}
	for name, want := range map[string]string{
		"backend":        "backends",
		"bakcends":       "backends",
		"Backends":       "backends",
		"config-store":   "config_stores",
		"configStores":   "config_stores",
		"kv_store":       "kv_stores",
		"localserver":    "local_server",
		"local_sevrer":   "local_server",
		"uri":            "url",
		"ulr":            "url",
		"step":           "",
		"logs":           "",
		"x":              "",
		"":               "",
		"geolocation":    "",
		"something else": "",
	} {
		got, ok := Name(name, known)
		assert.Equal(t, want, got, name)
		assert.Equal(t, want != "", ok, name)
	}
	_, ok := Name("anything", nil)
	assert.False(t, ok)
}

func FuzzDistance(f *testing.F) {
	f.Add("kitten", "sitting")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := []rune(a), []rune(b)
		d := distance(x, y)
		assert.Equal(t, d, distance(y, x))
		assert.Equal(t, d == 0, string(x) == string(y))
		assert.LessOrEqual(t, d, max(len(x), len(y)))
		assert.GreaterOrEqual(t, d, max(len(x)-len(y), len(y)-len(x)))
	})
}
