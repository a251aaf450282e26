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

// table is a TOML table that knows where it stands, so that every error can say so.
type table struct {
	at    string // dotted path, for errors
	part  string // what of the table this is, for errors: a file, an item
	m     map[string]any
	dir   string    // where relative file names start
	notes *[]string // what is odd and no error
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

// notef tells of what Viceroy accepts and the author cannot have meant.
func (t table) notef(format string, args ...any) {
	*t.notes = append(*t.notes, t.errorf(format, args...).Error())
}

// list is how known names are told.
func list(names []string) string { return strings.Join(names, ", ") }

// meant is the question after a name that is no known one, but like one.
func meant(name string, known []string) string {
	if m, ok := nearest.Name(name, known); ok {
		return fmt.Sprintf(": did you mean %q?", m)
	}
	return ""
}

// keys are sorted, so that of several mistakes the same one is reported each time.
func (t table) keys() []string { return slices.Sorted(maps.Keys(t.m)) }

func (t table) path(key string) string {
	if t.at == "" {
		return key
	}
	return t.at + "." + key
}

// under returns m as the table of that name.
func (t table) under(name string, m map[string]any) table {
	return table{at: t.path(name), m: m, dir: t.dir, notes: t.notes}
}

// item returns m as a part of t.
func (t table) item(part string, m map[string]any) table {
	t.part, t.m = part, m
	return t
}

// sub returns the table below one of the names; an empty one where there is none.
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

// only refuses keys that are not among the known ones: a misspelt key that is silently ignored costs an hour.
func (t table) only(known ...string) error {
	for _, key := range t.keys() {
		if !slices.Contains(known, key) {
			return t.errorf("unknown key %q%s (known: %s)", key, meant(key, known), list(known))
		}
	}
	return nil
}

// expect is only where Viceroy passes over keys that it does not know.
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

// filled is str for values that may be left out but not be blank.
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

// file reads a file named in the manifest.
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
