// Elements and text. All text of a trace passes through show() into a text node, so nothing is ever parsed as markup.

const byId = (id) => document.getElementById(id);

// el makes an element: el('span', 'class names', 'text' or element, ...).
function el(tag, className, ...content) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  for (const c of content) if (c !== null && c !== undefined && c !== '') e.append(c);
  return e;
}

// say lets screen readers speak a text. Only an answer to the user is said: what arrives by itself would never let them finish.
function say(text) { byId('said').textContent = text; }

// become gives an element the attributes and the content of another.
function become(e, other) {
  for (const name of e.getAttributeNames()) if (!other.hasAttribute(name)) e.removeAttribute(name);
  for (const { name, value } of other.attributes) if (name !== 'style') e.setAttribute(name, value);
  e.style.cssText = other.style.cssText; // the Content-Security-Policy allows no style attribute
  const old = e.childNodes, now = other.childNodes;
  if (old.length !== now.length || !Array.from(old).every((o, i) => o.isEqualNode(now[i]))) e.replaceChildren(...now);
}

// The number of characters that are shown of a text. An attribute may have megabytes.
const maxText = 20000;
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

// show makes text safe to show: characters that do not print, or that change the direction of other text, are written as escapes.
function show(text, limit = maxText) {
  text = String(text);
  const cut = text.length > limit ? ` … (${text.length.toLocaleString('en')} characters)` : '';
  return text.slice(0, limit).replace(unseen, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')) + cut;
}

// oneLine is show() for names, in an element that isolates their text direction.
function oneLine(text, className) {
  return el('bdi', className, show(String(text).slice(0, 600).replace(/[\n\t]/g, ' ')));
}

function formatDuration(ns) {
  if (ns < 0) return '-' + formatDuration(-ns);
  if (ns === 0) return '0';
  if (ns < 1000) return Math.round(ns) + 'ns';
  const three = (v) => v.toFixed(v < 9.995 ? 2 : v < 99.95 ? 1 : 0);
  if (ns < 999.5e3) return three(ns / 1e3) + 'µs';
  if (ns < 999.5e6) return three(ns / 1e6) + 'ms';
  if (ns < 59.995e9) return three(ns / 1e9) + 's';
  const s = Math.round(ns / 1e9), two = (n) => String(n).padStart(2, '0');
  if (s < 3600) return Math.floor(s / 60) + 'm' + two(s % 60) + 's';
  if (s < 172800) return Math.floor(s / 3600) + 'h' + two(Math.floor(s / 60) % 60) + 'm';
  return Math.floor(s / 86400) + 'd' + Math.floor(s / 3600) % 24 + 'h';
}

// timeOf returns the wall-clock time at an offset in a trace: the day, the time in microseconds, and the time zone, since a page in a
// file may be read in another one.
function timeOf(trace, offset) {
  const ns = BigInt(trace.start) + BigInt(Math.round(offset));
  const date = new Date(Number(ns / 1000000n));
  if (ns <= 0n || isNaN(date)) return { day: '', clock: '', whole: '' };
  const pad = (n, w = 2) => String(n).padStart(w, '0');
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(Number(ns / 1000n % 1000000n), 6)}`;
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const east = -date.getTimezoneOffset(), ahead = Math.abs(east);
  const zone = east ? `UTC${east < 0 ? '-' : '+'}${pad(Math.floor(ahead / 60))}:${pad(ahead % 60)}` : 'UTC';
  return { day, clock, whole: `${day} ${clock} ${zone}` };
}

function plural(n, what) { return n.toLocaleString('en') + ' ' + what + (n === 1 ? '' : 's'); }

// httpBadge shows a status code, coloured by its class, or 'error' for an error without a status code.
function httpBadge(span) {
  if (!span.http) return span.err ? el('span', 'badge bad', 'error') : null;
  return el('span', 'badge ' + (span.err ? 'bad failed' : span.http >= '400' ? 'warn' : 'good'), show(span.http, 5));
}
