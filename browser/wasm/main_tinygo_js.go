//go:build tinygo

// Command wasm is what npm/index.mjs loads.
//
// With TinyGo it is a library (-buildmode=c-shared) without a scheduler (-scheduler=none), whose way of stopping in the middle of
// functions takes a third of a binary: it starts in init, and each call of JavaScript runs to its end.
package main

import (
	_ "unsafe" // for go:linkname

	"github.com/edgespan/edgespan/browser"
)

func init() { browser.Run() }

func main() {}

// resume is what wasm_exec.js calls for each call of a js.Func. TinyGo's own comes with the scheduler.
//
//go:wasmexport resume
func resume() { handleEvent() }

//go:linkname handleEvent syscall/js.handleEvent
func handleEvent()
