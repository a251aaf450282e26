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
// All of it is in test files. service_test.go names the services under test, each a main package that is compiled to
// WebAssembly once, when a test asks for it, and served by a process of its own: host_test.go has the two hosts,
// process_test.go runs one. Behind the services are the servers of origin_test.go. client_test.go and raw_test.go send
// requests, the latter byte by byte. lines_test.go collects what the host prints; every request of the suite carries a
// traceparent of its own, so a test finds its spans by their trace id, whatever else goes on. When all tests are done,
// judge_test.go puts every line of the whole run before the OpenTelemetry Collector's own decoder.
//
// # How to add a test
//
// Where an existing guest has the handler that you need, ask it: kinds.get(t, "/path") returns the response, and
// kinds.spans(t, r.trace, n) waits for its n spans. Otherwise add a path to guests/kinds if it is about what the client
// gets, and to the table of transparent_test.go, which asks it with and without the middleware; to guests/odd if it is about
// what is recorded; to guests/many if it is about several requests in one sandbox. Where the two hosts differ, let the test
// say so with onLocal or onViceroy, or testdata/responses.golden with a line for each, and check what that host does.
//
// Whole traces are compared with files below testdata: spanList.golden. Where the hosts differ each has a file of its own, so
// EDGESPAN_UPDATE=1 writes them once with each host; read what has changed before it is committed.
//
// Bound waiting by patience, not by what is fast today: the machine may be busy with other things.
package e2e
