//go:build !tinygo

// Command wasm is what npm/index.mjs loads.
package main

import "github.com/edgespan/edgespan/browser"

func main() {
	browser.Run()
	select {} // Go ends the program when main returns
}
