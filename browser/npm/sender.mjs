// Holds spans until a Collector has them. They are held as lines, each of which is a complete OTLP request. This is JavaScript and not Go,
// so that held spans are sent even if the wasm fails, and because localStorage takes strings.
import { answerOf, unanswered } from "./answer.mjs";
import { pauseFor } from "./pause.mjs";
import { attempt, outside, warn } from "./wasm.mjs";

const maxSpans = 1000; // held in memory, and in the storage
const maxHeld = 8 << 20; // bytes in memory
const maxStored = 1 << 20; // characters in the storage, of some five million that all of the origin share
const many = 500; // do not wait for the timer, nor do
const large = 1 << 20; // bytes
const maxBody = 60 << 10;
const patience = 10_000; // ms for an answer
const maxLeaving = 16 << 10; // a browser takes 64 KiB from a page that leaves, which are the page's own
const prefix = "edgespan.spans.";

// These parts are the same in all lines.
const opening = '{"resourceSpans":[';
const before = '"spans":[';
const closing = "]}]}]}";

// lineOf splits a line into its head and its spans. The head has the resource and the scope, and is the same in all lines of a page.
function lineOf(text, count, size) {
  const end = text.indexOf(before) + before.length;
  return { head: text.slice(0, end), spans: text.slice(end, -closing.length), count, size };
}

// bodyOf joins lines to one request. Consecutive lines with the same head share it.
function bodyOf(lines) {
  let text = "";
  let head;
  for (const line of lines) {
    if (line.head === head) text += ",";
    else text += head === undefined ? line.head : "]}]}," + line.head.slice(opening.length);
    text += line.spans;
    head = line.head;
  }
  return text + closing;
}

// addedBy returns how many bytes a line adds to a body, after a line with this head.
const addedBy = (line, head) => line.size - (line.head === head ? head.length + closing.length - 1 : 0);

export function senderTo(url, headers, fetch) {
  const plain = [...headers].length === 0;
  headers.set("Content-Type", "application/json");
  let lines = []; // in memory, oldest first
  let held = 0, heldSize = 0;
  let dropped = 0, rejected = 0;
  let failures = 0; // in a row
  let skip = 0; // flushes by the timer to let pass
  const pause = pauseFor(url);
  let told; // the latest warning, which is not repeated
  let draining = false, sending; // and the promise of the latest
  const underWay = new Set(); // bodies that wait for an answer

  // queue adds a line, and drops the oldest ones above the limits. A line has far fewer spans than maxSpans, so one line never displaces
  // all others.
  function queue(line, where = lines.length) {
    lines.splice(where, 0, line);
    held += line.count;
    heldSize += line.size;
    while (held > maxSpans || heldSize > maxHeld) dropped += take(1)[0].count;
  }

  function take(n) {
    const taken = lines.splice(0, n);
    for (const line of taken) {
      held -= line.count;
      heldSize -= line.size;
    }
    return taken;
  }

  // next takes lines off for one body: at least so many, and more while the body is not longer than room.
  function next(room, least) {
    let n = 0;
    for (let size = 0, head; n < lines.length; n++) {
      const line = lines[n];
      size += addedBy(line, head);
      if (n >= least && size > room) break;
      head = line.head;
    }
    return take(n);
  }

  async function request(body, leaving, signal) {
    const options = { method: "POST", headers, body, credentials: "omit", redirect: "manual" }; // headers are for this receiver alone
    if (!leaving) return fetch(url, { ...options, signal });
    // sendBeacon is for browsers without keepalive. It does not report whether the body arrived, and takes no headers.
    if (plain && !("keepalive" in Request.prototype)) {
      if (navigator.sendBeacon(url, new Blob([body], { type: "application/json" }))) return new Response();
      throw new Error("sendBeacon");
    }
    return fetch(url, { ...options, keepalive: true });
  }

  // send returns the Collector's answer. It waits no longer than patience, even if a library's fetch ignores the abort.
  async function send(lines, leaving) {
    const spans = lines.reduce((sum, line) => sum + line.count, 0);
    const slow = new AbortController();
    let timer;
    const late = new Promise((done) => {
      const stop = () => { slow.abort(); timer = setTimeout(done, 100, unanswered); };
      timer = setTimeout(stop, patience);
    });
    const answered = request(bodyOf(lines), leaving, slow.signal).then((response) => answerOf(response, spans));
    return Promise.race([answered, late]).finally(() => clearTimeout(timer));
  }

  // post sends lines. keys are their keys in the storage, if they are there. It reports whether the Collector has accepted or refused them.
  async function post(lines, keys, leaving) {
    const parcel = { lines, keys, leaving };
    underWay.add(parcel);
    const answer = await send(lines, leaving).catch(() => unanswered);
    underWay.delete(parcel);
    if (answer.warning && answer.warning !== told) warn(answer.warning);
    told = answer.warning;
    if (answer.outcome === "later") {
      failures++;
      skip = 2 ** Math.min(failures - 1, 4) - 1; // the next tries are 10 s, 20 s, up to 160 s apart
      if (answer.wait > 0) pause.begin(answer.wait);
      storeOrQueue(lines.filter((_, i) => !parcel.keys?.[i]));
      return false;
    }
    failures = skip = 0;
    rejected += answer.rejected;
    for (const key of parcel.keys ?? []) if (key) attempt(() => localStorage.removeItem(key)); // there are none of lines without room
    return true;
  }

  // may reports whether the page is online and the Collector has not asked for a pause.
  const may = () => attempt(() => navigator.onLine) !== false && !pause.on();

  let serial = 0;
  const page = Math.random().toString(36).slice(2);

  // store puts a line into the storage, which all pages of the origin share. The key sorts by time, and ends with the number of spans.
  // store returns the key, or undefined if there is no storage or it is full.
  function store(line) {
    const key = `${prefix}${Date.now().toString(36).padStart(9, "0")}.${String(serial++).padStart(9, "0")}.${page}.${line.count}`;
    return attempt(() => {
      localStorage.setItem(key, bodyOf([line]));
      return key;
    });
  }

  const storedKeys = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort()) ?? [];
  const countOf = (key) => Number(key.slice(key.lastIndexOf(".") + 1)) || 1;
  const sizeOf = (key) => attempt(() => localStorage.getItem(key).length) ?? 0;

  // storeOrQueue puts lines into the storage, and drops the oldest ones there above the limits. Lines that do not fit go to the front of
  // memory.
  function storeOrQueue(some) {
    if (some.length === 0) return;
    const keys = storedKeys();
    let spans = keys.reduce((n, key) => n + countOf(key), 0);
    let size = keys.reduce((n, key) => n + sizeOf(key), 0);
    const remaining = some.filter((line) => {
      const key = store(line);
      if (!key) return true;
      keys.push(key);
      spans += line.count;
      size += sizeOf(key);
      while (spans > maxSpans || size > maxStored) {
        const oldest = keys.shift();
        spans -= countOf(oldest);
        size -= sizeOf(oldest);
        dropped += countOf(oldest);
        attempt(() => localStorage.removeItem(oldest));
      }
      return false;
    });
    for (const line of remaining.reverse()) queue(line, 0);
  }

  // sendStored sends one body from the storage, where its lines stay until the Collector has them. Only the page with the lock does so; the
  // browser releases the lock when that page goes. sendStored reports whether there may be more to send.
  async function sendStored() {
    const locks = navigator.locks; // none on a page that is no secure context
    if (storedKeys().length === 0) return false;
    return locks ? locks.request(prefix, { ifAvailable: true }, (lock) => lock !== null && postStored()) : postStored();
  }

  async function postStored() {
    const lines = [], keys = [];
    let size = 0;
    for (const key of storedKeys()) {
      const text = attempt(() => localStorage.getItem(key)) ?? "";
      if (size > 0 && size + text.length > maxBody) break;
      if (text.startsWith(opening) && text.endsWith(closing) && attempt(() => JSON.parse(text))) {
        size += text.length;
        lines.push(lineOf(text, countOf(key), text.length));
        keys.push(key);
      } else {
        attempt(() => localStorage.removeItem(key)); // somebody else's, or gone meanwhile
      }
    }
    return lines.length > 0 && post(lines, keys);
  }

  // drain sends bodies until one fails or nothing is left.
  async function drain() {
    draining = true;
    for (let more = true; more && may(); ) {
      more = lines.length > 0 ? await post(next(maxBody, 1)) : await sendStored().catch(() => false);
      more ||= lines.length > 0 && failures === 0;
    }
    if (failures > 0 || !may()) storeOrQueue(take(lines.length));
    draining = false; // at once: what is pushed from here on is the next one's
  }

  // A prerendered page sends nothing before somebody looks at it, which may never happen.
  function flush() {
    if (!draining && !document.prerendering) sending = outside(drain);
    return sending;
  }

  return {
    // push takes a line, its number of spans and its length in bytes.
    push(text, count, size) {
      queue(lineOf(text, count, size));
      if ((held >= many || heldSize >= large) && !draining && failures === 0 && may()) flush();
    },
    flush() {
      skip = 0;
      return flush();
    },
    begin() {
      setInterval(() => {
        if (skip === 0) return flush();
        skip--;
        storeOrQueue(take(lines.length));
      }, 10_000);
      addEventListener("online", () => { failures = 0; flush(); });
      flush();
    },
    // leave is for a page that may be gone the next moment. It sends what the browser accepts from such a page, and stores the rest. It
    // also stores the lines of requests in progress, because the page may not get their answers.
    leave() {
      if (document.prerendering) return;
      let room = maxLeaving;
      for (const parcel of underWay) {
        if (parcel.leaving) parcel.lines.forEach((line, i) => { room -= addedBy(line, parcel.lines[i - 1]?.head); });
        else parcel.keys ??= parcel.lines.map(store);
      }
      const first = failures === 0 && may() ? next(room, 0) : [];
      if (first.length > 0) post(first, undefined, true);
      storeOrQueue(take(lines.length));
    },
    stats: () => ({ held, dropped, rejected, failures }),
  };
}
