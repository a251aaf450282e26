//go:build wasm || edgespan_small

package trace

// small leaves out what makes a span quicker and a binary larger: for wasm, where it is sent to every edge. The tag edgespan_small
// has the tests see it.
const small = true
