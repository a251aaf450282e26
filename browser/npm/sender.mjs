// Holds spans until a Collector has them, as lines: each is an OTLP request by itself. It is JavaScript and not Go so that what is
// held gets through whatever becomes of the wasm, and because the storage is a matter of strings.
import { answerOf, unanswered } from "./answer.mjs";
import { pauseFor } from "./pause.mjs";
import { attempt, warn } from "./wasm.mjs";

const maxSpans = 1000; // held in memory, and in the storage
const many = 500; // do not wait for the timer
const maxBody = 60 << 10; // what a browser sends for a page that goes is 64 KiB at most
const prefix = "edgespan.spans.";

// The pieces that all lines have.
const opening = '{"resourceSpans":[';
const before = '"spans":[';
const closing = "]}]}]}";

// lineOf takes a line apart. The head is the resource and the scope, which are the same for all of a page.
function lineOf(text, count, size) {
  const end = text.indexOf(before) + before.length;
  return { head: text.slice(0, end), spans: text.slice(end, -closing.length), count, size };
}

// bodyOf joins lines to one request. Those in a row that have the same head share it.
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

export function senderTo(url, headers, fetch) {
  const plain = [...headers].length === 0;
  headers.set("Content-Type", "application/json");
  let lines = []; // in memory, oldest first
  let held = 0;
  let dropped = 0, rejected = 0;
  let failures = 0; // in a row
  let skip = 0; // flushes by the timer to let pass
  const pause = pauseFor(url);
  let told; // the latest warning, which is not repeated
  let running = false, sending; // run, and the promise of the latest
  const underWay = new Set(); // bodies that wait for an answer

  // hold adds a line. A line has far fewer spans than maxSpans, so that none drives out all others.
  function hold(line, where = lines.length) {
    lines.splice(where, 0, line);
    held += line.count;
    while (held > maxSpans) dropped += take(1)[0].count;
  }

  function take(n) {
    const taken = lines.splice(0, n);
    for (const line of taken) held -= line.count;
    return taken;
  }

  // next takes off the lines for one body: as many as are no longer than room together.
  function next(room, least) {
    let n = 0;
    for (let size = 0, head; n < lines.length; n++) {
      const line = lines[n];
      size += line.size - (line.head === head ? head.length + closing.length - 1 : 0);
      if (n >= least && size > room) break;
      head = line.head;
    }
    return take(n);
  }

  async function send(body, leaving) {
    const options = { method: "POST", headers, body, credentials: "omit", redirect: "manual" }; // headers are for this receiver alone
    if (!leaving) return fetch(url, { ...options, signal: AbortSignal.timeout(10_000) });
    // sendBeacon tells nobody whether it got through, and takes no headers: it is for browsers without keepalive.
    if (plain && !("keepalive" in Request.prototype)) {
      if (navigator.sendBeacon(url, new Blob([body], { type: "application/json" }))) return new Response();
      throw new Error("sendBeacon");
    }
    return fetch(url, { ...options, keepalive: true });
  }

  // post sends lines, which keys name where they are in the storage. It reports whether the Collector is done with them.
  async function post(lines, keys, leaving) {
    const parcel = { lines, keys, leaving };
    underWay.add(parcel);
    const spans = lines.reduce((sum, line) => sum + line.count, 0);
    const answer = await send(bodyOf(lines), leaving).then((response) => answerOf(response, spans)).catch(() => unanswered);
    underWay.delete(parcel);
    if (answer.warning && answer.warning !== told) warn(answer.warning);
    told = answer.warning;
    if (answer.outcome === "later") {
      failures++;
      skip = 2 ** Math.min(failures - 1, 4) - 1; // the next tries are 10 s, 20 s, up to 160 s apart
      if (answer.wait > 0) pause.begin(answer.wait);
      park(lines.filter((_, i) => !parcel.keys?.[i]));
      return false;
    }
    failures = skip = 0;
    rejected += answer.rejected;
    for (const key of parcel.keys ?? []) if (key) attempt(() => localStorage.removeItem(key)); // there are none of lines without room
    return true;
  }

  // may reports whether there is a network, and a Collector that does not want to be left alone.
  const may = () => navigator.onLine && !pause.on();

  let serial = 0;
  const page = Math.random().toString(36).slice(2);

  // keep puts a line into the storage, which all pages of the origin share, under a key that sorts by time and has its number of
  // spans at the end. It returns the key, or undefined: there is no storage, or it is full.
  function keep(line) {
    const key = `${prefix}${Date.now().toString(36).padStart(9, "0")}.${String(serial++).padStart(9, "0")}.${page}.${line.count}`;
    return attempt(() => {
      localStorage.setItem(key, bodyOf([line]));
      return key;
    });
  }

  const kept = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort()) ?? [];
  const countOf = (key) => Number(key.slice(key.lastIndexOf(".") + 1)) || 1;

  // park keeps lines in the storage, or else in memory, before those that came later.
  function park(some) {
    if (some.length === 0) return;
    for (const line of some.filter((line) => !keep(line)).reverse()) hold(line, 0);
    const keys = kept();
    let count = keys.reduce((n, key) => n + countOf(key), 0);
    for (; count > maxSpans; count -= countOf(keys.shift())) {
      attempt(() => localStorage.removeItem(keys[0]));
      dropped += countOf(keys[0]);
    }
  }

  // sendKept sends one body out of the storage, where its lines stay until the Collector has them. One page at a time does so: the
  // lock goes with the page that has it. It reports whether there may be more.
  async function sendKept() {
    const locks = navigator.locks; // none on a page that is no secure context
    if (kept().length === 0) return false;
    return locks ? locks.request(prefix, { ifAvailable: true }, (lock) => lock !== null && postKept()) : postKept();
  }

  async function postKept() {
    const lines = [], keys = [];
    let size = 0;
    for (const key of kept()) {
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

  // run sends one body after the other, until one fails.
  async function run() {
    running = true;
    for (let more = true; more && may(); ) {
      more = lines.length > 0 ? await post(next(maxBody, 1)) : await sendKept().catch(() => false);
      more ||= lines.length > 0 && failures === 0;
    }
    if (failures > 0 || !may()) park(take(lines.length));
    running = false; // at once: what is pushed from here on is the next one's
  }

  function flush() {
    if (!running) sending = run();
    return sending;
  }

  return {
    // push takes a line of some spans, and its length in bytes.
    push(text, count, size) {
      hold(lineOf(text, count, size));
      if (held >= many && !running && failures === 0 && may()) flush();
    },
    flush() {
      skip = 0;
      return flush();
    },
    begin() {
      setInterval(() => {
        if (skip === 0) return flush();
        skip--;
        park(take(lines.length));
      }, 10_000);
      addEventListener("online", () => { failures = 0; flush(); });
      flush();
    },
    // leave sends so much as the browser takes when the page may be gone at once, and parks the rest. So it does with what is under
    // way: nobody may be there to hear the answer.
    leave() {
      let room = maxBody;
      for (const parcel of underWay) {
        if (parcel.leaving) for (const line of parcel.lines) room -= line.size;
        else parcel.keys ??= parcel.lines.map(keep);
      }
      const first = failures === 0 && may() ? next(room, 0) : [];
      if (first.length > 0) post(first, undefined, true);
      park(take(lines.length));
    },
    stats: () => ({ held, dropped, rejected, failures }),
  };
}
