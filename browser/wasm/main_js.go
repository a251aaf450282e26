// Command wasm is what npm/index.mjs loads.
package main

import "github.com/edgespan/edgespan/browser"

func main() { browser.Run() }
