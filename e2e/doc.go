// Package e2e tests Edgespan from the outside: services compiled to WebAssembly, run by a Compute host in a separate process,
// with real HTTP clients in front of them and real servers behind them. The tests check only the output: the bytes on the
// client's connection, the requests at the origin, and the lines that the host prints for the log endpoint.
//
// # How to run the tests
//
//	go test ./e2e/...                                              on this repository's own host; needs only Go
//	EDGESPAN_E2E_HOST=viceroy VICEROY=/path go test ./e2e/...      on Viceroy, which is the reference
//
// If VICEROY is not set, the viceroy on PATH is used. If the host cannot be started, the tests fail; no test is ever skipped.
// With -v, each line that a test has waited for is shown as a tree of spans. EDGESPAN_E2E_KEEP=1 keeps the directory with the
// compiled services, their manifests and all output.
//
// # How the suite works
//
// All code of the suite is in test files. service_test.go lists the services under test. Each is a main package that is
// compiled to WebAssembly once, when the first test uses it, and is served by a process of its own: host_test.go defines the
// two hosts, and process_test.go runs one. The servers of origin_test.go are the backends. client_test.go and raw_test.go send
// requests, the latter byte by byte. lines_test.go collects the lines that the host prints. Every request of the suite has a
// traceparent of its own, so a test finds its spans by their trace id, even while others run. When all tests are done,
// judge_test.go decodes every line of the whole run with the OpenTelemetry Collector's own decoder.
//
// # How to add a test
//
// If an existing guest has the handler that you need, use it: kinds.get(t, "/path") returns the response, and kinds.spans(t,
// r.trace, n) waits for its n spans. Otherwise add a path. If the test is about the client's response, add it to guests/kinds
// and to the table in transparent_test.go, which sends each request with and without the middleware. If it is about what is
// recorded, add it to guests/odd. If it is about several requests in one sandbox, add it to guests/many. If the two hosts
// differ, use onLocal and onViceroy, or one line for each host in testdata/responses.golden, and check the behaviour of both.
//
// Whole traces are compared with files below testdata, by spanList.golden. If the hosts differ, each has its own file. To
// update them, run with EDGESPAN_UPDATE=1 once on each host, and read the changes before you commit them.
//
// Limit every wait with patience, not with a time that is enough today: the machine may be busy.
package e2e
