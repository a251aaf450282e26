// Package incoming records what Cloudflare knows of a request: where it came from, and how.
package incoming
