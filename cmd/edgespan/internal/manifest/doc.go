// Package manifest reads the parts of a fastly.toml that a local Compute host needs.
//
// The formats of the [local_server] section are Viceroy's: what one accepts the other accepts, and a key or type
// that Viceroy refuses is refused here, naming the table it stands in. The sections are backends, config_stores (also
// called dictionaries), secret_stores, kv_stores (also called object_stores), geolocation, device_detection, acls,
// shielding_sites and fake_valid_fastly_keys.
//
// What Viceroy passes over and nobody can have meant is a notice of the manifest: sections and keys that nothing reads, with the name
// that may be meant; values of a place that the platform never has; a secret whose variable is not set.
//
// Of the rest of the file one thing counts: the names below [setup.log_endpoints], because a line logged to an
// endpoint that was never created vanishes in production.
//
// Relative file names are resolved from the folder that holds the manifest.
package manifest
