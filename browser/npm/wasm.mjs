// Loads the wasm and calls its functions.
let go; // the functions, while they work
let tables; // of the runtime, where it is TinyGo's
let origin; // of performance.now(), as the wasm knows it

export const running = () => go !== undefined;

// attempt returns the result of f, or undefined if f throws: reading a value of the page may always throw.
export function attempt(f) {
  try {
    return f();
  } catch {
    return undefined;
  }
}

// outside calls f outside of the page's zone, if it uses zone.js. In Angular's zone, a timer, a request or a listener counts as work of the
// page, which then waits for it and draws itself again.
export const outside = (f) => {
  const root = attempt(() => typeof Zone.root.run === "function" && Zone.root);
  return root ? root.run(f) : f();
};
export const later = (f, ms) => outside(() => setTimeout(f, ms));

export const warn = (...what) => attempt(() => console.warn("edgespan:", ...what));

// originNow returns the wall clock's time when performance.now() was 0. It corrects known if that is off by more than a second: in some
// browsers performance.now() stands still while the machine sleeps, timeOrigin is as old as the process, and people set clocks.
function originNow(known) {
  const now = Date.now() - performance.now();
  return Math.abs(now - known) <= 1000 ? known : now; // some browsers have no timeOrigin
}

function stop(error) {
  if (go) warn("the tracer has stopped:", error);
  go = undefined;
}

// guard calls a function of the wasm. If it throws, the wasm's state is no longer valid. Then the wasm is never called again, and the page
// goes on without a tracer.
export function guard(f, ...args) {
  if (!go) return undefined;
  const known = tables?._values.length;
  try {
    const now = originNow(origin);
    if (now !== origin) go.setOrigin((origin = now));
    return f(...args);
  } catch (error) {
    stop(error);
  } finally {
    if (tables) forget(known);
  }
}

// forget releases the values that a call has passed to the wasm, which keeps none of them. TinyGo has no finalizers, so its runtime would
// otherwise hold each string and each event forever.
function forget(known) {
  for (const value of tables._values.splice(known)) tables._ids.delete(value);
  tables._goRefCounts.length = known;
  tables._idPool.length = 0; // else a value may get a number that is known
}

export const call = (name, ...args) => guard(go?.[name], ...args);

// scopeOf replaces globalThis in wasm_exec and in the wasm. What they set does not become a global of the page, and they do not see the
// page's own process, require or Go.
const scopeOf = (own) => new Proxy(own, { get: (_, name) => (name in own ? own[name] : globalThis[name]) });

// start loads the wasm and starts the tracer in it.
export async function start(url, fetch, options) {
  const { default: load } = await import("./wasm_exec.mjs");
  const own = { __proto__: null, fs: undefined, path: undefined, process: undefined, require: undefined };
  const scope = scopeOf(own);
  const runtime = new (load(scope, scope, { writeSync: (...args) => own.fs.writeSync(...args) }))();
  const no = (why) => new Error(`edgespan: no wasm at ${url} (${why}). Serve edgespan.wasm there, or set wasmURL`);
  const answer = async () => {
    let response;
    try {
      response = await fetch(url);
    } catch (error) {
      throw no(error);
    }
    const html = response.headers.get("content-type")?.startsWith("text/html"); // many servers have a page for every address
    if (response.ok && !html) return response;
    throw no(html ? "a page of HTML" : response.status);
  };
  const { instance } = await WebAssembly.instantiateStreaming(answer(), runtime.importObject).catch(async () =>
    WebAssembly.instantiate(await (await answer()).arrayBuffer(), runtime.importObject), // served with another type
  );
  const library = "_initialize" in instance.exports; // made by TinyGo, it goes on when run has returned
  const begin = await new Promise((ready, failed) => {
    own.__edgespan_ready = ready;
    runtime.run(instance).then(() => { if (!library) throw new Error("edgespan: the wasm has ended"); }).catch((error) => { stop(error); failed(error); });
  });
  origin = originNow(performance.timeOrigin);
  const functions = begin({ ...options, origin }); // undefined where it has panicked
  if (!functions) throw new Error("edgespan: the tracer has failed to start");
  go = functions;
  tables = library ? runtime : undefined;
  if (tables) forget(tables._values.length); // all that is there stays
}
