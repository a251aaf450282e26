// Package e2e tests Edgespan where its users meet it: services compiled to WebAssembly, run by a Compute host in a process
// of its own, asked by real HTTP clients, with real servers behind them. What a test looks at is what comes out: bytes on
// the client's connection, requests at the origin, and the lines that the host prints for the log endpoint.
//
// # How to run it
//
//	go test ./e2e/...                                              on this repository's own host; needs nothing but Go
//	EDGESPAN_E2E_HOST=viceroy VICEROY=/path go test ./e2e/...      on Viceroy, which is the judge
//
// Without VICEROY the one on PATH is taken. A host that cannot be had is a failure: nothing is ever skipped. With
// -v each line that a test has waited for is shown as a tree of spans; EDGESPAN_E2E_KEEP=1 leaves the directory with the
// compiled services, their manifests and all output.
//
// # How it is made
//
// guests.go names the services under test, each a main package compiled to WebAssembly once, when a test asks for it, and
// served by a process of its own, see process.go. Behind them are the servers of origin.go. client.go and
// raw.go send requests, the latter byte by byte. lines.go collects what the host prints; every request of the suite carries
// a traceparent of its own, so a test finds its lines by their trace id, whatever else goes on. When all tests are done,
// judge.go puts every line of the whole run before the OpenTelemetry Collector's own decoder.
//
// # How to add a test
//
// Where an existing guest has the handler that you need, ask it: guest(t).get(t, "/path") returns the response, and its
// trace method the spans. Otherwise add a path to guests/kinds if it is about what the client gets, to guests/odd if it is
// about what is recorded, to guests/many if it is about several requests in one sandbox. Where the two hosts
// differ, let the test say so with onLocal or onViceroy and check what that host does.
//
// Bound waiting by patience, not by what is fast today: the machine may be busy with other things.
package e2e
