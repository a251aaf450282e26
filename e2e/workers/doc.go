// Package workers tests a traced Go Worker in workerd, Cloudflare's runtime, which comes with miniflare from npm. The tests
// check what arrives at the collector, and what the client gets meanwhile. Directory host has the program that runs workerd,
// guest the Worker, and run the program of `make run-workers`.
package workers
