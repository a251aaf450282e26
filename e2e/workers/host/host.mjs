// Runs a Worker written in Go in workerd, until its stdin is closed.
//
//   node host.mjs MINIFLARE CONFIG
//
// MINIFLARE is the folder whose node_modules has miniflare. CONFIG is JSON: "build" is the folder with worker.mjs and app.wasm,
// "entry" the source of a module in front of worker.mjs, "options" what is handed to Miniflare besides. It writes lines of JSON to
// stdout: {"ready":URL}, then {"out":LINE} and {"err":LINE} of the Worker's console.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [miniflare, text] = process.argv.slice(2);
const { Miniflare } = createRequire(join(miniflare, "node_modules/"))("miniflare");
const config = JSON.parse(text);
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

const source = (path) => ({ type: "ESModule", path, contents: readFileSync(join(config.build, path), "utf8") });
const modules = [
	source("worker.mjs"),
	source("runtime.mjs"),
	source("wasm_exec.js"),
	{ type: "CompiledWasm", path: "app.wasm", contents: readFileSync(join(config.build, "app.wasm")) },
];
if (config.entry) {
	modules.unshift({ type: "ESModule", path: "entry.mjs", contents: config.entry });
}
const lines = (stream, name) => createInterface({ input: stream }).on("line", (line) => say({ [name]: line }));
const mf = new Miniflare({
	host: "127.0.0.1",
	port: 0,
	modules,
	compatibilityDate: "2025-06-01",
	...config.options,
	handleRuntimeStdio(out, err) {
		lines(out, "out");
		lines(err, "err");
	},
});
process.stdin.resume();
process.stdin.on("end", async () => {
	await mf.dispose();
	process.exit(0);
});
say({ ready: String(await mf.ready) });
