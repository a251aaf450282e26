//go:build !js

package main

func main() { println("This is a Worker: GOOS=js GOARCH=wasm, or see wrangler.toml.") }
