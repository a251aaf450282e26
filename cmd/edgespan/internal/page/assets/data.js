// The traces, the state of the page, and searching.

const data = {
  traces: new Map(), // by key; the trace that changed last is at the end
  keep: Infinity,
  forgotten: 0,

  put(trace) {
    prepare(trace);
    this.traces.delete(trace.key);
    this.traces.set(trace.key, trace);
    for (const key of this.traces.keys()) {
      if (this.traces.size <= this.keep) break;
      if (key === state.trace && this.traces.size <= this.keep + 1) continue; // keep the one that is open
      this.drop(key);
    }
  },
  drop(key) { if (this.traces.delete(key)) this.forgotten++; },
};

// The state of the page. It is in the address too, so that each trace has a URL.
const state = { trace: '', span: '', query: '', errors: false, order: 'new' };

function readHash() {
  address = location.hash;
  const p = new URLSearchParams(location.hash.replace(/^#/, ''));
  state.trace = (p.get('trace') || '').toLowerCase(); // some programs write ids in upper case
  state.span = (p.get('span') || '').toLowerCase();
  state.query = p.get('q') || '';
  state.errors = p.get('errors') === '1';
}

// address is the hash of the address that was read or written last. writes counts the changes of the last 10 seconds: WebKit refuses
// more than 100, and a key that is held down makes more.
let address = '', writes = 0, later = 0, waitingStep = false;

// writeHash puts the state into the address. A change of the trace is a step for the back button.
function writeHash(step) {
  waitingStep ||= step;
  if (later) return;
  if (writes < 40) return writeHashNow();
  later = setTimeout(() => { later = 0; if (location.hash === address) writeHashNow(); }, 250);
}

function writeHashNow() {
  const step = waitingStep;
  waitingStep = false;
  const p = new URLSearchParams();
  if (state.trace) p.set('trace', state.trace);
  if (state.span) p.set('span', state.span);
  if (state.query) p.set('q', state.query);
  if (state.errors) p.set('errors', '1');
  const hash = '#' + p;
  if (hash === (location.hash || '#')) return;
  if (step) history.pushState(null, '', hash); else history.replaceState(null, '', hash);
  address = location.hash;
  writes++;
  setTimeout(() => writes--, 10_000);
}

const kinds = ['server', 'client', 'internal', 'producer', 'consumer'];

// prepare adds what is needed often: children, colours, logs by span.
function prepare(trace) {
  trace.errors = 0;
  trace.newestAt = Number(trace.start) + trace.newest; // exact enough for sorting
  trace.logs = sortByTime(trace.logs || []);
  trace.byService = trace.services.length > 1;
  const first = new Map(); // if two spans have the same id, the first gets the logs
  trace.spans.forEach((span, i) => {
    span.index = i;
    span.children = [];
    span.logs = [];
    if (span.up >= 0) trace.spans[span.up].children.push(i);
    if (span.err) trace.errors++;
    span.color = trace.byService ? Math.max(0, span.svc) % 8 : Math.max(0, kinds.indexOf(span.kind === 'unspecified' ? 'internal' : span.kind));
    if (!first.has(span.id)) first.set(span.id, span);
  });
  for (const span of trace.spans) span.children.forEach((c, i) => { trace.spans[c].last = i === span.children.length - 1; });
  trace.loose = []; // logs that belong to no span
  for (const log of trace.logs) {
    const span = log.span && first.get(log.span);
    (span ? span.logs : trace.loose).push(log);
  }
  trace.root = trace.spans[0];
  trace.name = trace.root ? trace.root.name || '(no name)' : 'log records without spans';
  trace.path = trace.root ? attribute(trace.root, 'url.path') : '';
  if (trace.name.endsWith(trace.path)) trace.path = '';
  trace.found = null;
}

// tookOf and requestsOf describe the duration of a trace, which is that of its slowest request.
function tookOf(trace) { return (trace.apart ? 'up to ' : '') + formatDuration(trace.slowest); }
function requestsOf(trace) { return plural(trace.requests, 'request') + (trace.apart ? ' within ' + formatDuration(trace.dur) : ''); }

// sortByTime sorts log records by time, those without a time first.
function sortByTime(logs) { return logs.sort((a, b) => (a.at ?? -Number.MAX_VALUE) - (b.at ?? -Number.MAX_VALUE)); }

function attribute(span, key) {
  const a = (span.attrs || []).find((a) => a[0] === key);
  return a ? a[1] : '';
}

// A search is a list of words. A span matches if it contains all of them. 'key=value' also matches an attribute whose key ends with 'key'.
let query = { text: '', words: [] };

function setQuery(text) {
  query = { text, words: text.toLowerCase().split(/\s+/).filter(Boolean).map((word) => {
    const at = word.indexOf('=');
    return { word, key: word.slice(0, Math.max(at, 0)), value: word.slice(at + 1) };
  }) };
}

// matches tells whether each word is in one of the texts or attributes, or is the beginning of an id.
function matches(texts, attrs, ids) {
  const has = (text, word) => text.toLowerCase().includes(word);
  return query.words.every(({ word, key, value }) =>
    texts.some((t) => t && has(t, word)) || ids.some((id) => id && id.startsWith(word)) ||
    attrs.some((a) => has(a[0], word) || has(a[1], word) || (key && a[0].toLowerCase().endsWith(key) && has(a[1], value))));
}

const attributesOfLog = (log) => [...(log.attrs || []), ...(log.sev ? [['severity', log.sev]] : [])];

function spanMatches(trace, span) {
  const events = span.events || [], links = span.links || [];
  const attrs = [span, ...events, ...links].flatMap((e) => e.attrs || []);
  return matches(
    [span.name, span.kind, trace.services[span.svc], span.problem, span.scope, span.state, ...events.map((e) => e.name), ...links.map((k) => k.state), ...span.logs.map((l) => l.body)],
    [...attrs, ...(trace.resources[span.res] || []), ...span.logs.flatMap(attributesOfLog)],
    [trace.id, span.id, span.pid, ...links.flatMap((k) => [k.trace, k.span])]);
}

// found returns the set of spans that match the search, or null if there is no search.
function found(trace) {
  if (!query.words.length) return null;
  if (!trace.found || trace.found.text !== query.text) {
    trace.found = { text: query.text, spans: new Set(trace.spans.filter((s) => spanMatches(trace, s))) };
    trace.found.any = trace.found.spans.size > 0 ||
      trace.loose.some((l) => matches([l.body], attributesOfLog(l), [trace.id]));
  }
  return trace.found.spans;
}

function chosenTraces() {
  let list = [...data.traces.values()];
  if (state.errors) list = list.filter((t) => t.errors);
  if (query.words.length) list = list.filter((t) => { found(t); return t.found.any; });
  const orders = {
    new: (a, b) => b.newestAt - a.newestAt,
    slow: (a, b) => b.slowest - a.slowest,
    spans: (a, b) => b.spans.length - a.spans.length,
  };
  return list.sort(orders[state.order]);
}
