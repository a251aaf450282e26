#!/bin/sh
# A wasm-opt for TinyGo, and for services whose host answers each call before it returns, as Fastly's does:
#
#	WASMOPT=scripts/wasm-opt-tinygo.sh tinygo build -target=wasip1 -no-debug -o bin/main.wasm .
#
# A goroutine has to stop in its middle for others to run, so TinyGo has wasm-opt write that into each function that might stop. Untold,
# wasm-opt takes it that any call of the host might, so each function that can panic: it would print. Here only TinyGo's own may.
# https://github.com/WebAssembly/binaryen/blob/main/src/passes/Asyncify.cpp
exec wasm-opt --pass-arg=asyncify-imports@asyncify.start_unwind "$@"
