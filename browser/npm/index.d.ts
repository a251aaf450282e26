/** What an attribute may be. Anything else is left out, and so are numbers that are not finite. */
export type AttributeValue = string | number | boolean | string[];
export type Attributes = Record<string, AttributeValue>;
export type SpanKind = "internal" | "server" | "client" | "producer" | "consumer";

/** All automatic features are on unless they are set to false. */
export interface TracerOptions {
  serviceName?: string;
  serviceVersion?: string;
  /** Headers of each export. Whoever reads the page reads them: no secrets. */
  headers?: Record<string, string>;
  /** The share of sessions (tabs) that are traced, 0 to 1; 1 by default. */
  sampleRatio?: number;
  /** Names of further query parameters whose values are recorded as REDACTED. Case, "-", "_", "." and brackets make no difference. */
  redact?: string[];
  /** Origins besides the page's own whose requests get a traceparent, such as "https://api.example.com". */
  propagateTo?: string[];
  /**
   * URLs whose requests get no traceparent, though their origin would: what they begin with, or a pattern that is found in them. For
   * those that redirect to a foreign origin, such as ["/download/"].
   */
  noPropagation?: (string | RegExp)[];
  /** URLs whose requests and resources get neither a span nor a traceparent: what they begin with, or a pattern that is found in them. */
  ignore?: (string | RegExp)[];
  /** The methods that are recorded as they are, in the place of the conventions' own. Any other is _OTHER. */
  knownMethods?: string[];
  /** What else all spans say of the page, such as {"deployment.environment.name": "staging"}. */
  resource?: Attributes;
  /** Where the wasm is; beside this module by default. */
  wasmURL?: string | URL;
  pageLoad?: boolean;
  resources?: boolean;
  clicks?: boolean;
  longTasks?: boolean;
  webVitals?: boolean;
  errors?: boolean;
  /** Changes of the page's address that load no page, as by history.pushState and by routes in the fragment ("#/items/7"). */
  routeChanges?: boolean;
  /** fetch and XMLHttpRequest. */
  requests?: boolean;
}

export interface SpanOptions {
  kind?: SpanKind;
  /** Without one: the span whose run() is on; or the click, the route change or the page load that goes on. */
  parent?: Span;
  attributes?: Attributes;
  /** By performance.now(), in milliseconds. */
  startTime?: number;
}

export interface SpanJSON {
  name: string;
  kind: SpanKind;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  sampled: boolean;
  startTime: number;
  endTime?: number;
  durationMs: number;
  attributes: Attributes;
  events: { name: string; time: number; attributes: Attributes }[];
  status: { code: "unset" | "ok" | "error"; message?: string };
}

export interface Span {
  /** The W3C header that makes another service's span a child of this one; empty before initTracer is done. */
  readonly traceparent: string;
  /** Milliseconds, until now where the span has not ended. */
  readonly durationMs: number;
  setAttribute(key: string, value: AttributeValue): this;
  /** The time is now, or one by performance.now(). */
  addEvent(name: string, attributes?: Attributes, time?: number): this;
  setStatus(code: "unset" | "ok" | "error", message?: string): this;
  end(endTime?: number): void;
  /** Calls f; spans that begin in it, before its first await, are children of this one. */
  run<T>(f: (span: Span) => T): T;
  toJSON(): SpanJSON;
}

/**
 * Loads the wasm and begins to trace. url is a Collector's, with /v1/traces by default. It rejects when the wasm can't be loaded or fails
 * to start, when an option makes no sense, and where there is no page or no WebAssembly; the page is as without a tracer then, and it may be
 * called again.
 */
export function initTracer(url: string, options?: TracerOptions): Promise<void>;
/** Spans that begin before initTracer is done are not recorded. */
export function startSpan(name: string, options?: SpanOptions): Span;
/** Records a span that is over. The times are by performance.now(). */
export function recordSpan(name: string, startTime: number, endTime: number, options?: SpanOptions): Span;
/** Sends what is held, unless the Collector has asked to be left alone for a while. It resolves when that has been tried. */
export function flushSpans(): Promise<void>;
/**
 * Counts of spans: waiting in memory, dropped above 1,000 or a megabyte, refused by the Collector; and failures in a row. running is false before
 * initTracer is done, and after the tracer has failed within: then nothing is recorded, and what is held is still sent.
 */
export function stats(): { held: number; dropped: number; rejected: number; failures: number; running: boolean };
