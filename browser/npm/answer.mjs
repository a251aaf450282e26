// Reads a Collector's answers: https://opentelemetry.io/docs/specs/otlp/#otlphttp-response. internal/otlpanswer does the same in Go. Both
// are tested with the cases in its testdata.
import { attempt } from "./wasm.mjs";

const maxBody = 64 << 10; // bytes of an answer that are looked at
const maxMessage = 200;
export const maxWait = 3_600_000; // ms that a Collector may ask for

export const unanswered = { outcome: "later", rejected: 0, wait: 0, warning: "" };

// answerOf reads the response to a request with that number of spans. If the body breaks off, it uses the part that came, so that accepted
// spans are not sent again. The warning is for the console, about what the browser does not report there itself.
export async function answerOf(response, spans) {
  const { status, headers } = response;
  const body = await textOf(response);
  const { outcome, rejected, message } = read(status, headers.get("Content-Type") ?? "", body, spans);
  let warning = "";
  if (response.type === "opaqueredirect") warning = "the Collector redirects, and spans go nowhere else";
  else if (outcome === "refused") warning = `the Collector refuses spans: ${status} ${response.statusText}`;
  else if (outcome === "later" && response.ok) warning = "a page answers in the Collector's place, maybe a login; spans wait until it is gone";
  else if (rejected > 0) warning = "the Collector has rejected spans";
  else if (outcome === "taken" && message) warning = "the Collector warns";
  if (warning && message) warning += ": " + message;
  return { outcome, rejected, warning, wait: retryAfter(headers.get("Retry-After") ?? "", Date.now()) };
}

async function textOf(response) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let room = maxBody; reader && room > 0; ) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    if (done) return text;
    text += decoder.decode(value.subarray(0, room), { stream: true });
    room -= value.length;
  }
  reader?.cancel().catch(() => {});
  return text;
}

// read returns the meaning of an answer. The spans are "taken", except for the rejected ones; "refused", and not sent again; or sent again
// "later". An HTML page with 2xx does not come from a Collector but, for example, from a proxy that asks for a login.
export function read(status, type, body, spans) {
  body = body.trim();
  const json = attempt(() => JSON.parse(body));
  if ([429, 502, 503, 504].includes(status)) return { outcome: "later", rejected: 0, message: clean(json?.message) };
  if (status < 200 || status > 299) return { outcome: "refused", rejected: spans, message: clean(json?.message) };
  if (json === undefined && isPage(type, body)) return { outcome: "later", rejected: 0, message: "" };
  const partial = json?.partialSuccess;
  return { outcome: "taken", rejected: Math.min(count(partial?.rejectedSpans), spans), message: clean(partial?.errorMessage) };
}

function isPage(type, body) {
  const kind = type.split(";")[0].trim().toLowerCase();
  if (body === "" || kind === "application/x-protobuf") return false; // its first bytes may be "\n<"
  return kind === "text/html" || kind === "application/xhtml+xml" || body.startsWith("<");
}

// count reads a number. The JSON of protocol buffers has 64-bit numbers as strings.
function count(value) {
  const number = typeof value === "string" && /^[+-]?\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? Math.max(number, 0) : 0;
}

// clean makes a text fit for one line of the console.
const clean = (text) => typeof text === "string" ? text.replace(/\p{Cf}/gu, "").replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ").slice(0, maxMessage) : "";

// retryAfter reads the value of that header, in seconds or as a date, and returns milliseconds: 0 if it is invalid or past.
export function retryAfter(value, now) {
  value = value.trim();
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, maxWait);
  if (!/^[A-Z][a-z]+,? /.test(value)) return 0; // Date.parse takes almost anything for a date
  value = value.replace(/-([A-Z][a-z]{2})-(\d\d) /, (_, month, year) => ` ${month} ${fullYear(Number(year), now)} `);
  const at = Date.parse(value.endsWith("GMT") ? value : value + " GMT"); // asctime's form, which is GMT as well
  return Math.min(Math.max(at - now, 0), maxWait) || 0;
}

// fullYear completes a year of two digits. One that would be more than 50 years ahead is in the past (RFC 9110, section 5.6.7).
const fullYear = (year, now) => year + (year + 2000 > new Date(now).getUTCFullYear() + 50 ? 1900 : 2000);
