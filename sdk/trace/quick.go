//go:build !wasm && !edgespan_small

package trace

const small = false // see small.go
