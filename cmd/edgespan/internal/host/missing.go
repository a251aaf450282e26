package host

import (
	"maps"
	"slices"
	"strings"
)

// missing reports, once for each name, that the guest asked for something that the manifest does not have. It names what there is,
// and the table that would define it.
func (h *Host) missing(did, name string, known []string, header string) {
	hint := "there are none"
	if len(known) > 0 {
		hint = "known are: " + strings.Join(known, ", ")
	}
	h.once(did+" "+name, "the service %s %q, which does not exist; %s. Add it with "+header, did, name, hint, tomlKey(name))
}

func sortedNames[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
