package manifest

import (
	"slices"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/nearest"
)

var (
	// The sections and keys of a manifest, by Fastly's documentation and the CLI.
	topNames   = []string{"authors", "cloned_from", "description", "language", "local_server", "manifest_version", "name", "profile", "scripts", "service_id", "setup"}
	setupNames = []string{"backends", "config_stores", "dictionaries", "kv_stores", "log_endpoints", "object_stores", "products", "secret_stores"}

	// The sections of [local_server]: those that this package reads, their older names, and those that only the CLI reads.
	sections      = []string{"acls", "backends", "config_stores", "device_detection", "fake_valid_fastly_keys", "geolocation", "kv_stores", "log_endpoints", "secret_stores", "shielding_sites"}
	olderSections = []string{"dictionaries", "object_store", "object_stores"}
	sectionsOfCLI = []string{"pushpin", "viceroy_version"}
)

// expectTop adds notices about names that are similar to those of the manifest, and about sections that belong below
// [local_server]. Other names may belong to another tool.
func (t table) expectTop() {
	for _, name := range t.keys() {
		switch meant, ok := nearest.Name(name, topNames); {
		case slices.Contains(topNames, name):
		case slices.Contains(sections, name) || slices.Contains(olderSections, name):
			t.notef("the section %q is ignored here: did you mean [local_server.%s]?", name, name)
		case ok:
			t.notef("%q is unknown and ignored: did you mean %q?", name, meant)
		}
	}
}

// expectSetup adds notices about names that are similar to those of [setup]. This package reads only its log endpoints.
func (t table) expectSetup() {
	for _, name := range t.keys() {
		if meant, ok := nearest.Name(name, setupNames); ok && !slices.Contains(setupNames, name) {
			t.notef("the section %q is unknown and ignored: did you mean %q?", name, meant)
		}
	}
}

// expectSections adds notices about sections of [local_server] that nothing reads. Most often they are misspelt.
func (t table) expectSections() {
	known := slices.Concat(sections, olderSections, sectionsOfCLI)
	for _, name := range t.keys() {
		if !slices.Contains(known, name) {
			t.notef("the section %q is unknown and ignored%s (known: %s)", name, meant(name, known), list(sections))
		}
	}
}
