// Package host runs a Fastly Compute service on this machine: a WebAssembly module that uses the platform's host calls. It is for
// development. It does what Fastly's own local server does, so that a service can be tried with only Go installed.
//
// # How a request is served
//
// [Host] is an http.Handler. ServeHTTP makes an exchange of the client's request and gives it to the dispatcher, which finds a
// sandbox: one that asked for another request, or a new one. The goroutine of the HTTP server then waits in exchange.serve for what
// the guest answers: early hints, a response, a hand-off to another server, or a failure.
//
// A sandbox is an instance of the module, which take makes ahead of time, and the goroutine that runs it. A host call of the guest
// is a call in that goroutine, which reads its arguments from the guest's memory. hostCalls lists all host calls, and each abi_
// file has those of one subject. The guest refers to its objects by handles, which are numbers: requests, responses, and items that
// it can wait for. The items are bodies, requests on their way to a backend, promises of further requests, and results of stores.
//
// A body is a queue of pieces: bytes, data that still arrives from the network, and pipes. If the guest sends a response and goes
// on writing its body, the body's handle becomes the write end of a pipe, and the exchange reads the other end. The client has the
// whole response when the pipe is finished, even if the guest goes on running. If the guest ends without finishing the pipe, the
// client's connection is broken.
//
// # What a guest cannot do
//
// A pointer outside the guest's memory, an unknown handle, and text that is not UTF-8 get an error status. Unknown host calls
// answer 'unsupported', and are reported once. Memory is limited to 128 MB, as on the platform. Time is not limited: a guest that
// never ends is stopped only with the host.
//
// # Differences from Viceroy
//
// Viceroy, Fastly's local server, is the reference. This host does more where the platform itself does: it forwards early hints and
// trailers, tells a guest why a backend could not be reached, and its cache has hits and stale times. Lines that are logged to an
// endpoint that the manifest does not declare are printed with a notice, since in production they would be lost. docs/serve.md
// lists the differences.
package host
