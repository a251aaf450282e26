package host

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// missing reports, once for each name, that the guest asked for something that the manifest does not have. It names what there is,
// and the table that would define it.
func (h *Host) missing(did, name string, known []string, header string) {
	hint := "there are none"
	if len(known) > 0 {
		hint = "known are: " + strings.Join(known, ", ")
	}
	h.onceNamed(did+" "+name, "the service %s %s, which does not exist; %s. Add it with "+header, did, quoted(name), hint, tomlKey(name))
}

func sortedNames[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// maxNameShown is how many bytes of a name a notice shows.
const maxNameShown = 256

// quoted returns a name of a guest or client in quotes, and shortened if it is very long.
func quoted(name string) string {
	if len(name) <= maxNameShown {
		return strconv.Quote(name)
	}
	return fmt.Sprintf("%q… (%d bytes)", name[:maxNameShown/4], len(name))
}

// tomlKey returns the name as a key in TOML. For a very long name, it is a word that stands for it.
func tomlKey(name string) string {
	if len(name) > maxNameShown {
		return "NAME"
	}
	bare := name != ""
	for _, c := range []byte(name) {
		bare = bare && (c == '-' || c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z')
	}
	if bare {
		return name
	}
	return tomlString(name)
}

// tomlString returns a string in TOML. Go's escapes \a, \v and \x are not part of TOML.
func tomlString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
