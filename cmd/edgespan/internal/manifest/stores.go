package manifest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"unicode/utf8"
)

// The limits of a config store's items, in characters.
const (
	maxConfigKey   = 256
	maxConfigValue = 8000
)

// ConfigStore has either the items themselves or the name of a JSON file with them. The file is read each time that a guest opens
// the store, so a value can be changed while the host runs.
type ConfigStore struct {
	items map[string]string
	file  string
}

// Load returns the store's items.
func (c ConfigStore) Load() (map[string]string, error) {
	if c.file == "" {
		return c.items, nil
	}
	data, err := os.ReadFile(c.file)
	if err != nil {
		return nil, err
	}
	var items map[string]string
	if err := json.Unmarshal(data, &items); err != nil || items == nil {
		return nil, fmt.Errorf("%s must hold one JSON object whose values are strings", c.file)
	}
	return items, checkConfig(items)
}

func checkConfig(items map[string]string) error {
	for k, v := range items {
		if utf8.RuneCountInString(k) > maxConfigKey {
			return fmt.Errorf("key %.40q… is longer than %d characters", k, maxConfigKey)
		}
		if utf8.RuneCountInString(v) > maxConfigValue {
			return fmt.Errorf("the value of %q is longer than %d characters", k, maxConfigValue)
		}
	}
	return nil
}

func (m *Manifest) readConfigStores(local table) error {
	stores, err := local.sub("config_stores", "dictionaries")
	if err != nil {
		return err
	}
	m.ConfigStores = map[string]ConfigStore{}
	for _, name := range stores.keys() {
		t, err := stores.sub(name)
		if err != nil {
			return err
		}
		var store ConfigStore
		format, _, err := t.str("format")
		if err != nil {
			return err
		}
		switch format {
		case "inline-toml":
			if err := t.only("format", "contents"); err != nil {
				return err
			}
			if _, ok := t.m["contents"]; !ok {
				return t.errorf(`the key "contents" is missing: the table with the items`)
			}
			contents, err := t.sub("contents")
			if err != nil {
				return err
			}
			store.items = make(map[string]string, len(contents.m))
			for _, key := range contents.keys() {
				if store.items[key], _, err = contents.str(key); err != nil {
					return err
				}
			}
			if err := checkConfig(store.items); err != nil {
				return t.errorf("%w", err)
			}
		case "json":
			if err := t.only("format", "file"); err != nil {
				return err
			}
			if store.file, err = t.needFile(); err != nil {
				return err
			}
			if _, err := store.Load(); err != nil {
				return t.errorf("%w", err)
			}
		default:
			return t.errorf(`format must be "inline-toml" or "json"`)
		}
		m.ConfigStores[name] = store
	}
	return nil
}

func (t table) needFile() (string, error) {
	name, err := t.filled("file")
	if err != nil {
		return "", err
	}
	if name == "" {
		return "", t.errorf(`the key "file" is missing, as in file = "items.json"`)
	}
	return resolve(t.dir, name), nil
}

// items returns the entries of a secret or KV store: from an array of tables, or from the JSON object in the file of {file,
// format}.
func (t table) items(name string) ([]table, error) {
	store := t.under(name, nil)
	switch v := t.m[name].(type) {
	case []map[string]any:
		out := make([]table, len(v))
		for i, m := range v {
			out[i] = store.item("", m)
		}
		return out, nil
	case []any:
		out := make([]table, len(v))
		for i, item := range v {
			m, ok := item.(map[string]any)
			if !ok {
				return nil, t.errorf("%s must be an array of tables", name)
			}
			out[i] = store.item("", m)
		}
		return out, nil
	case map[string]any:
		in := t.under(name, v)
		in.expect("file", "format")
		format, _, err := in.str("format")
		if err != nil {
			return nil, err
		}
		if format != "json" {
			return nil, in.errorf(`must be an array of items, or a table with both file = "…" and format = "json"`)
		}
		file, err := in.needFile()
		if err != nil {
			return nil, err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, in.errorf("%w", err)
		}
		var entries map[string]any
		if err := json.Unmarshal(data, &entries); err != nil {
			return nil, in.errorf("%s must hold one JSON object", file)
		}
		var out []table
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			entry, ok := entries[key].(map[string]any)
			if text, isText := entries[key].(string); isText {
				entry, ok = map[string]any{"data": text}, true
			}
			if !ok {
				return nil, in.errorf("%s: the value of %q must be a string, or an object with the keys of an item", file, key)
			}
			entry["key"] = key
			out = append(out, store.item(file, entry))
		}
		return out, nil
	}
	return nil, t.errorf("%s must be an array of tables, or a table with file and format", name)
}

func (m *Manifest) readSecretStores(local table) error {
	stores, err := local.sub("secret_stores")
	if err != nil {
		return err
	}
	m.SecretStores = map[string]map[string][]byte{}
	for _, name := range stores.keys() {
		if !validSecretName(name) {
			return stores.errorf("%q cannot be the name of a secret store: use letters, digits, dashes, underscores and periods, at most 255", name)
		}
		items, err := stores.items(name)
		if err != nil {
			return err
		}
		secrets := make(map[string][]byte, len(items))
		for _, item := range items {
			key, item, err := item.key()
			if err != nil {
				return err
			}
			if !validSecretName(key) {
				return item.errorf("this cannot be the name of a secret: use letters, digits, dashes, underscores and periods, at most 255")
			}
			item.expect("key", "file", "data", "env")
			if secrets[key], err = item.content("file", "data", "env"); err != nil {
				return err
			}
		}
		m.SecretStores[name] = secrets
	}
	return nil
}

func validSecretName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.') {
			return false
		}
	}
	return s != "" && len(s) <= 255
}

// key returns the item's key, and the item with the key in its error messages.
func (t table) key() (string, table, error) {
	key, ok, err := t.str("key")
	if err == nil && !ok {
		err = t.errorf("an item has no key")
	}
	part := fmt.Sprintf("item %q", key)
	if t.part != "" {
		part = t.part + ": " + part
	}
	return key, t.item(part, t.m), err
}

// content returns the bytes of an item, from the one source that it names.
func (t table) content(sources ...string) ([]byte, error) {
	found, from := "", ""
	for _, source := range sources {
		value, ok, err := t.str(source)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if found != "" {
			return nil, t.errorf("it has both %s and %s: use one", found, source)
		}
		found, from = source, value
	}
	switch found {
	case "":
		return nil, t.errorf("it needs one of %s", list(sources))
	case "data":
		return []byte(from), nil
	case "env":
		text, set := os.LookupEnv(from)
		if !set {
			t.notef("the environment has no variable %s, so the secret is empty", from)
		}
		return []byte(text), nil
	}
	return t.file(from)
}

// KVEntry is an initial item of a KV store.
type KVEntry struct {
	Data     []byte
	Metadata string
}

func (m *Manifest) readKVStores(local table) error {
	stores, err := local.sub("kv_stores", "object_stores", "object_store")
	if err != nil {
		return err
	}
	m.KVStores = map[string]map[string]KVEntry{}
	for _, name := range stores.keys() {
		items, err := stores.items(name)
		if err != nil {
			return err
		}
		entries := make(map[string]KVEntry, len(items))
		for _, item := range items {
			key, item, err := item.key()
			if err != nil {
				return err
			}
			if why := CheckKVKey(key); why != "" {
				return item.errorf("the key %s", why)
			}
			item.expect("key", "file", "path", "data", "metadata")
			var e KVEntry
			source := "file"
			if _, ok := item.m["path"]; ok && item.m["file"] == nil {
				source = "path" // the older name
			}
			if e.Data, err = item.content(source, "data"); err != nil {
				return err
			}
			if e.Metadata, _, err = item.str("metadata"); err != nil {
				return err
			}
			entries[key] = e
		}
		m.KVStores[name] = entries
	}
	return nil
}
