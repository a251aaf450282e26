// Package manifest reads the parts of a fastly.toml that a local Compute host needs.
//
// The formats of the [local_server] section are Viceroy's: this package accepts what Viceroy accepts. It refuses keys and types
// that Viceroy refuses, and the error names their table. The sections are backends, config_stores (also called dictionaries),
// secret_stores, kv_stores (also called object_stores), geolocation, device_detection, acls, shielding_sites and
// fake_valid_fastly_keys.
//
// If Viceroy accepts something that cannot be intended, the manifest has a notice about it: sections and keys that nothing reads,
// with the name that may be meant; geolocation values that the platform never has; a secret whose environment variable is not set.
//
// Of the rest of the file, only the names below [setup.log_endpoints] matter, because a line that is logged to an endpoint that was
// never created is lost in production. The [scripts] section is used for messages.
//
// Relative file names are relative to the folder of the manifest.
package manifest
