// Keeps all pages of an origin from sending while a Collector has asked for a pause.
import { maxWait } from "./answer.mjs";
import { attempt } from "./wasm.mjs";

// A time that is further ahead than maxWait does not count: it was stored before the clock was set back.
const ahead = (time) => time > Date.now() && time <= Date.now() + maxWait;

export function pauseFor(url) {
  const key = "edgespan.until." + url;
  let until = 0; // by Date.now(); for a page without storage
  return {
    begin(ms) {
      until = Date.now() + ms;
      attempt(() => localStorage.setItem(key, until));
    },
    on() {
      const told = attempt(() => localStorage.getItem(key)); // maybe by another page
      if (told && !ahead(Number(told))) attempt(() => localStorage.removeItem(key));
      return ahead(until) || ahead(Number(told));
    },
  };
}
