// Package browser traces a page: its load, resources, clicks, long tasks, web vitals and errors, on sdk/trace compiled for
// GOOS=js. It imports syscall/js and sdk/ alone, so that TinyGo compiles it.
//
// The way of one span: npm/index.mjs loads the wasm of browser/wasm, whose main calls Run. initTracer makes an agent with a
// provider, and starts the features that are chosen. What ends is encoded and held in a queue; every ten seconds and when the
// page goes, the queue is sent to a Collector. What can't be sent is parked in localStorage, for the next try or the next page.
//
// It is a queue of its own and not sdk/batch: a page that goes has time for calls that return at once and none for a goroutine,
// a body sent then may have 64 KiB at most, and a scheduler is what costs most in TinyGo's binary.
//
// What needs no browser is in files that build everywhere, and is tested natively. The tags edgespan_nopageload,
// edgespan_noresources, edgespan_noclicks, edgespan_nolongtasks, edgespan_novitals and edgespan_noerrors leave a feature out.
package browser
