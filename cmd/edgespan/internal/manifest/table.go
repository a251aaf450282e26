package manifest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/nearest"
)

// table is a TOML table that knows its position in the file, for error messages.
type table struct {
	at    string // dotted path, for error messages
	part  string // the part of the table, for error messages: a file, an item
	m     map[string]any
	dir   string    // the folder of relative file names
	notes *[]string // notices
}

func (t table) errorf(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if t.part != "" {
		err = fmt.Errorf("%s: %w", t.part, err)
	}
	if t.at != "" {
		err = fmt.Errorf("[%s]: %w", t.at, err)
	}
	return err
}

// notef adds a notice about something that Viceroy accepts but that cannot be intended.
func (t table) notef(format string, args ...any) {
	*t.notes = append(*t.notes, t.errorf(format, args...).Error())
}

// list formats known names for a message.
func list(names []string) string { return strings.Join(names, ", ") }

// meant returns a question with the known name that is similar to name, or "".
func meant(name string, known []string) string {
	if m, ok := nearest.Name(name, known); ok {
		return fmt.Sprintf(": did you mean %q?", m)
	}
	return ""
}

// keys returns the keys in order, so that of several mistakes always the same one is reported.
func (t table) keys() []string { return slices.Sorted(maps.Keys(t.m)) }

func (t table) path(key string) string {
	if t.at == "" {
		return key
	}
	return t.at + "." + key
}

// under returns m as the table below t with that name.
func (t table) under(name string, m map[string]any) table {
	return table{at: t.path(name), m: m, dir: t.dir, notes: t.notes}
}

// item returns m as a part of t.
func (t table) item(part string, m map[string]any) table {
	t.part, t.m = part, m
	return t
}

// sub returns the table below t with one of the names, or an empty one if there is none.
func (t table) sub(names ...string) (table, error) {
	out := t.under(names[0], nil)
	found := ""
	for _, name := range names {
		v, ok := t.m[name]
		if !ok {
			continue
		}
		if found != "" {
			return out, t.errorf("%s and %s are two names of the same section: use one", found, name)
		}
		m, ok := v.(map[string]any)
		if !ok {
			return out, t.errorf("%s must be a table", name)
		}
		found = name
		out.at, out.m = t.path(name), m
	}
	return out, nil
}

// only refuses unknown keys, because a misspelt key that is silently ignored is hard to find.
func (t table) only(known ...string) error {
	for _, key := range t.keys() {
		if !slices.Contains(known, key) {
			return t.errorf("unknown key %q%s (known: %s)", key, meant(key, known), list(known))
		}
	}
	return nil
}

// expect is like only, for tables in which Viceroy ignores unknown keys: it adds notices.
func (t table) expect(known ...string) {
	for _, key := range t.keys() {
		if !slices.Contains(known, key) {
			t.notef("unknown key %q is ignored%s (known: %s)", key, meant(key, known), list(known))
		}
	}
}

func (t table) str(key string) (value string, present bool, err error) {
	v, ok := t.m[key]
	if !ok {
		return "", false, nil
	}
	s, ok := v.(string)
	if !ok {
		return "", true, t.errorf("%s must be a string", key)
	}
	return s, true, nil
}

// filled is str for a value that may be missing but not blank.
func (t table) filled(key string) (string, error) {
	s, ok, err := t.str(key)
	if err == nil && ok && blank(s) {
		err = t.errorf("%s must not be empty", key)
	}
	return s, err
}

func (t table) boolean(key string, otherwise bool) (bool, error) {
	v, ok := t.m[key]
	if !ok {
		return otherwise, nil
	}
	b, ok := v.(bool)
	if !ok {
		return false, t.errorf("%s must be true or false", key)
	}
	return b, nil
}

// file reads a file that the manifest names.
func (t table) file(name string) ([]byte, error) {
	data, err := os.ReadFile(resolve(t.dir, name))
	if err != nil {
		return nil, t.errorf("%w", err)
	}
	return data, nil
}

func resolve(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

func blank(s string) bool { return strings.Trim(s, " \t\r\n") == "" }
