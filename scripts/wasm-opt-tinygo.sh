#!/bin/sh
# A wasm-opt for TinyGo that makes smaller services, for hosts whose calls all return directly, as Fastly's do:
#
#	WASMOPT=scripts/wasm-opt-tinygo.sh tinygo build -target=wasip1 -no-debug -o bin/main.wasm .
#
# For one goroutine to let others run, its functions must be able to stop in the middle. TinyGo has wasm-opt add the code for that
# (asyncify) to every function that might stop. By default wasm-opt assumes that any call to the host may stop, and so every function that
# can panic, because a panic prints. With the option below, only TinyGo's own import may.
# https://github.com/WebAssembly/binaryen/blob/main/src/passes/Asyncify.cpp
exec wasm-opt --pass-arg=asyncify-imports@asyncify.start_unwind "$@"
