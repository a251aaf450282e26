package remoteconfig

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// block returns the first block of code in a language.
func block(t *testing.T, page, language string) string {
	t.Helper()
	_, text, _ := strings.Cut(page, "```"+language+"\n")
	text, _, found := strings.Cut(text, "```\n")
	require.True(t, found, language)
	return text
}

// The documents in docs/remote-config.md and doc.go are valid.
func TestDocumentsOfDocs(t *testing.T) {
	text, err := os.ReadFile("../docs/remote-config.md")
	require.NoError(t, err)
	page := string(text)
	require.NoError(t, Check(block(t, page, "json")))
	_, local, _ := strings.Cut(block(t, page, "toml"), "edgespan = '")
	local, _, _ = strings.Cut(local, "'")
	require.NoError(t, Check(local))

	story, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, example, _ := strings.Cut(string(story), "//	{\n")
	example, _, _ = strings.Cut(example, "//	}\n")
	require.NoError(t, Check("{"+strings.ReplaceAll(example, "//", "")+"}"))
}

// The lists of fields, which errors show and the other tests go by, have each field that the reader takes, in its order.
func TestFieldsOfReader(t *testing.T) {
	source, err := os.ReadFile("document.go")
	require.NoError(t, err)
	for reader, fields := range map[string]string{"(s *settings) field": documentFields, "(s *settings) keepField": keepFields, "(r *rule) field": ruleFields} {
		_, body, _ := strings.Cut(string(source), "\nfunc "+reader+"(")
		body, _, _ = strings.Cut(body, "\n}\n")
		var taken []string
		for _, m := range regexp.MustCompile(`(?m)^\tcase "(\w+)":`).FindAllStringSubmatch(body, -1) {
			taken = append(taken, m[1])
		}
		require.Equal(t, strings.Join(taken, ", "), fields, "%s takes other fields than its list has", reader)
	}
}

// docs/remote-config.md has a table of the fields of a document, and one of the fields of a rule.
func TestFieldsOfDocs(t *testing.T) {
	text, err := os.ReadFile("../docs/remote-config.md")
	require.NoError(t, err)
	var want []string
	for _, name := range strings.Split(documentFields, ", ") {
		if name != "keep" {
			want = append(want, name)
		}
	}
	for _, name := range strings.Split(keepFields, ", ") {
		want = append(want, "keep."+name)
	}
	require.ElementsMatch(t, want, firstColumn(string(text), "field"))
	require.ElementsMatch(t, strings.Split(ruleFields, ", "), firstColumn(string(text), "condition"))
}

// firstColumn returns the names in the first column of the table whose first heading this is.
func firstColumn(page, heading string) (names []string) {
	_, table, _ := strings.Cut(page, "\n| "+heading+" |")
	table, _, _ = strings.Cut(table, "\n\n")
	for _, row := range strings.Split(table, "\n")[2:] {
		for _, name := range regexp.MustCompile("`([a-z_.]+)`").FindAllStringSubmatch(strings.Split(row, "|")[1], -1) {
			names = append(names, name[1])
		}
	}
	return slices.Compact(names)
}
