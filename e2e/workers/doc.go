// Package workers asks a Worker that is written in Go and traced, in Cloudflare's runtime, workerd, which miniflare from npm brings:
// what arrives at a collector, and what the client gets meanwhile. host has the program that runs workerd, guest the Worker, run
// what `make run-workers` runs.
package workers
