// Package host runs a Fastly Compute service on this machine: a WebAssembly module that talks to the platform's host
// calls. It is for development, and does what Fastly's own local server does, so that a service can be tried with
// nothing installed but Go.
//
// # The way of one request
//
// [Host] is an http.Handler. ServeHTTP makes an exchange of the client's request and gives it to the dispatcher, which
// finds a sandbox: one that asked for a further request, else a new one. The goroutine of the HTTP server then waits in
// exchange.serve for what the guest says: early hints, a response, a hand-off to another server, or that it failed.
//
// A sandbox is an instance of the module, made ahead of time by take, and the goroutine that runs it. The guest's host
// calls arrive there as a call, which reads arguments from the guest's memory; hostCalls lists them all, and each abi_
// file has those of one subject. What the guest holds it knows by number: requests, responses, and items that can be
// waited for, which are bodies, requests on their way to a backend, promises of further requests, and results of
// stores.
//
// A body is a queue of pieces: bytes, what still arrives from the network, and pipes. When the guest sends a response
// whose body it goes on writing, its handle becomes the write end of a pipe, and the exchange reads the other end. The
// client has its response once the pipe is finished, also while the guest runs on; a guest that ends without finishing
// it breaks the client's connection.
//
// # What a guest cannot do
//
// A pointer outside its memory, a handle that stands for nothing and text that is none get an error status. Host
// calls that are not known answer 'unsupported', and are named once. Memory is limited to 128 MB, as on the platform.
// Time is not: a guest that never ends is stopped only with the host.
//
// # Beyond the judge
//
// Fastly's local server decides what is right. This host does more where the platform itself does: it forwards early
// hints and trailers, tells a guest why a backend could not be reached, and has hits and stale times in its cache.
// Lines logged to an endpoint that the manifest does not declare are printed with a notice, since in production they
// would vanish. docs/serve.md lists where the two differ.
package host
