// Package attrdocs compares the attributes that sources record with those that a page of the documentation names, for tests.
package attrdocs

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Use is an attribute's key in a source file.
type Use struct{ Key, File string }

// Recorded returns the keys in Go sources, as often as they occur there. key is a regular expression without groups. The key of a
// header's attribute ends before the name of the header.
func Recorded(t testing.TB, key string, sources ...string) (uses []Use) {
	t.Helper()
	quoted := regexp.MustCompile(`"(` + key + `)\.?"`)
	for _, name := range sources {
		for _, m := range quoted.FindAllStringSubmatch(read(t, name), -1) {
			uses = append(uses, Use{m[1], name})
		}
	}
	return uses
}

// Documented returns the keys on pages. In a line, `.c` after `x.a.b` means x.a.c.
func Documented(t testing.TB, key string, pages ...string) map[string]bool {
	t.Helper()
	code := regexp.MustCompile("`(" + key + "|\\.[a-z_.]+)(?:\\.<name>)?`")
	keys := map[string]bool{}
	for _, page := range pages {
		for line := range strings.Lines(read(t, page)) {
			before := ""
			for _, m := range code.FindAllStringSubmatch(line, -1) {
				switch name := m[1]; {
				case name[0] != '.':
					keys[name], before = true, name[:strings.LastIndexByte(name, '.')]
				case before != "":
					keys[before+name] = true
				}
			}
		}
	}
	return keys
}

func read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
