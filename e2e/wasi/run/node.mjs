// Runs a WASI program on Node's runtime, with a folder as its root: node node.mjs FOLDER PROGRAM.wasm ARGUMENTS…
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const [folder, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args, env: { PWD: "/" }, preopens: { "/": folder } });
const { instance } = await WebAssembly.instantiate(readFileSync(args[0]), wasi.getImportObject());
wasi.start(instance);
