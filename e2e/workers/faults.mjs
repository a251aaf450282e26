// Lets one thing fail for one request: the header X-Fault names it. X-Off turns tracing off. See faults_test.go.
import worker from "./worker.mjs";

const { fetch } = globalThis, quiet = { ...console };
const isExport = (request, init) => String(request?.url ?? request).endsWith("/v1/traces") && init?.method === "POST";
const fetched = (answer) => () => { globalThis.fetch = (...args) => (isExport(...args) ? answer(...args) : fetch(...args)); };
// lost is fetched for a trace that is given up soon.
const lost = (answer) => (o) => { o.env.OTEL_EXPORTER_OTLP_TIMEOUT = "500"; fetched(answer)(); };
const throws = () => { throw new Error("fault"); };
const rejects = () => Promise.reject(new Error("fault"));
const hangs = () => new Promise(() => {});
const binding = (name, methods) => (o) => { o.env[name] = new Proxy(o.env[name], { get: (object, key) => methods[key] ?? (typeof object[key] === "function" ? object[key].bind(object) : object[key]) }); };
const statement = (methods) => { const one = { bind: () => one, ...methods }; return { prepare: () => one }; };
const taken = (value) => () => Object.defineProperty(globalThis, "edgespan", { configurable: true, writable: false, value });

const faults = {
	"": () => {},
	"waitUntil throws": (o) => { o.ctx = { waitUntil: throws }; },
	"no waitUntil": (o) => { o.ctx = {}; },
	"no ctx": (o) => { o.ctx = undefined; },
	"waitUntil is called with another this": (o) => { const { ctx } = o; o.ctx = { waitUntil: (promise) => ctx.waitUntil(promise) }; },
	"strict env": (o) => { o.env.SERVE = ""; o.env = new Proxy(o.env, { get: (env, name) => (name in env ? env[name] : throws()) }); },
	"globalThis.edgespan is a text": taken("theirs"),
	"globalThis.edgespan is an object": taken({}),
	"globalThis is frozen": taken(undefined),
	"fetch throws": lost(throws),
	"fetch rejects": lost(rejects),
	"fetch hangs": lost(hangs),
	"fetch returns nothing": lost(() => undefined),
	"fetch gives nothing": lost(async () => undefined),
	"fetch gives an object": lost(async () => ({ ok: true })),
	"fetch gives a read answer": fetched(async (...args) => { const answer = await fetch(...args); await answer.text(); return answer; }),
	"no fetch": () => { globalThis.fetch = undefined; },
	"fetch rejects, console.error throws": (o) => { lost(rejects)(o); console.error = throws; },
	"console.log throws": (o) => { o.env.OTEL_TRACES_EXPORTER = "console"; console.log = throws; },
	"no CompressionStream": (o) => { o.env.OTEL_EXPORTER_OTLP_COMPRESSION = "gzip"; delete globalThis.CompressionStream; },
	"no binding": (o) => { for (const name of ["ITEMS", "FILES", "DB", "JOBS"]) delete o.env[name]; },
	"get throws": binding("ITEMS", { get: throws }),
	"get rejects": binding("ITEMS", { get: rejects }),
	"get rejects with nothing": binding("ITEMS", { get: () => Promise.reject({ toString: () => "" }) }),
	"list is odd": binding("ITEMS", { list: async () => ({}) }),
	"list is nothing": binding("ITEMS", { list: async () => undefined }),
	"R2 rejects": binding("FILES", { put: rejects }),
	"R2 gives nothing": binding("FILES", { put: async () => undefined }),
	"D1 has no meta": (o) => { o.env.DB = statement({ run: async () => ({ success: true }), raw: async () => [["name"], ["x"]] }); },
	"D1 has odd meta": (o) => { o.env.DB = statement({ run: async () => ({ meta: { changes: "many" } }), raw: async () => [["name"], ["x"]] }); },
	"D1 rejects": (o) => { o.env.DB = statement({ run: rejects, raw: rejects }); },
	"send rejects": binding("JOBS", { send: rejects }),
	"cache rejects": () => Object.defineProperty(globalThis, "caches", { configurable: true, value: { default: { match: rejects } } }),
	"odd cf": (o) => { o.request = new Request(o.request, { cf: { asn: "text", tlsVersion: null } }); },
};

let restore = () => {};

export default {
	async fetch(request, env, ctx) {
		restore();
		const compress = globalThis.CompressionStream, { caches } = globalThis, edgespan = Object.getOwnPropertyDescriptor(globalThis, "edgespan");
		restore = () => {
			Object.assign(globalThis, { fetch, CompressionStream: compress });
			Object.assign(console, quiet);
			Object.defineProperty(globalThis, "caches", { configurable: true, value: caches });
			delete globalThis.edgespan;
			if (edgespan) Object.defineProperty(globalThis, "edgespan", edgespan);
		};
		const o = { request, env: { ...env, OTEL_SDK_DISABLED: request.headers.get("X-Off") ?? "" }, ctx };
		faults[request.headers.get("X-Fault") ?? ""](o);
		if (new URL(request.url).pathname !== "/scheduled") return worker.fetch(o.request, o.env, o.ctx);
		return worker.scheduled({}, o.env, o.ctx).then((value) => new Response("scheduled " + value), (error) => new Response(String(error)));
	},
	queue: worker.queue,
};
