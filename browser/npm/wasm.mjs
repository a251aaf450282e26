// Loads the wasm and calls its functions.
let go; // the functions, while they work
let tables; // of the runtime, where it is TinyGo's
let origin; // of performance.now(), as the wasm knows it

export const running = () => go !== undefined;

// attempt returns what f does, or undefined where it throws: what a page hands over may throw at each look.
export function attempt(f) {
  try {
    return f();
  } catch {
    return undefined;
  }
}

export const warn = (...what) => attempt(() => console.warn("edgespan:", ...what));

// originNow returns when performance.now() was 0. In some browsers it stands still while the machine sleeps, timeOrigin is as old as the
// process, and people set clocks: what is off by more than a second is read anew.
function originNow(known) {
  const now = Date.now() - performance.now();
  return Math.abs(now - known) > 1000 ? now : known;
}

// guard calls a function of the wasm. Where that throws it was left in the middle of something, so it is never called again, and
// the page goes on without it.
export function guard(f, ...args) {
  if (!go) return undefined;
  const known = tables?._values.length;
  try {
    const now = originNow(origin);
    if (now !== origin) go.setOrigin((origin = now));
    return f(...args);
  } catch (error) {
    go = undefined;
    warn("the tracer has stopped:", error);
  } finally {
    if (tables) forget(known);
  }
}

// forget lets go of what the wasm has been given in a call, of which it keeps nothing: TinyGo has no finalizers, so its runtime would
// hold each string and each event for ever.
function forget(known) {
  for (const value of tables._values.splice(known)) tables._ids.delete(value);
  tables._goRefCounts.length = known;
  tables._idPool.length = 0; // else a value may get a number that is known
}

export const call = (name, ...args) => guard(go?.[name], ...args);

// scopeOf stands for globalThis in wasm_exec and in the wasm, with names of its own: what is set there is no global of the page, and
// a page's own process, require or Go is none of theirs.
const scopeOf = (own) => new Proxy(own, { get: (_, name) => (name in own ? own[name] : globalThis[name]) });

// start loads the wasm and starts the tracer in it.
export async function start(url, fetch, options) {
  const { default: load } = await import("./wasm_exec.mjs");
  const own = { __proto__: null, fs: undefined, path: undefined, process: undefined, require: undefined };
  const scope = scopeOf(own);
  const runtime = new (load(scope, scope, { writeSync: (...args) => own.fs.writeSync(...args) }))();
  const { instance } = await WebAssembly.instantiateStreaming(fetch(url), runtime.importObject).catch(async () =>
    WebAssembly.instantiate(await (await fetch(url)).arrayBuffer(), runtime.importObject), // served with another type
  );
  const library = "_initialize" in instance.exports; // made by TinyGo, it goes on when run has returned
  const begin = await new Promise((ready, failed) => {
    own.__edgespan_ready = ready;
    runtime.run(instance).then(() => { if (library) return; go = undefined; failed(new Error("edgespan: the wasm has ended")); }, failed);
  });
  origin = originNow(performance.timeOrigin);
  const functions = begin({ ...options, origin }); // undefined where it has panicked
  if (!functions) throw new Error("edgespan: the tracer has failed to start");
  go = functions;
  tables = library ? runtime : undefined;
  if (tables) forget(tables._values.length); // all that is there stays
}
