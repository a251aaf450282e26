//go:build wasm || edgespan_small

package trace

// small leaves out code that makes a span faster and a binary larger. It is set for wasm, where the binary is sent to every
// edge location. The build tag edgespan_small sets it natively, for the tests.
const small = true
