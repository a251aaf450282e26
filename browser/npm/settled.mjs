// Tells when a click or a route change is over. Its handlers return early, while the requests that it has started go on and lead to others.
// So it is over when none of its spans has been open for a while. JavaScript cannot tell exactly what has started what.
import { later } from "./wasm.mjs";

const watched = new Map(); // by the id of the span

// settle calls over once, with the time when the last child of a span ended, or at if that is later. That is when no child has been open for
// quiet ms, or after longest ms. The returned function does not wait for that.
export function settle(id, at, quiet, longest, over) {
  const end = () => {
    if (watched.get(id) !== w) return;
    watched.delete(id);
    over(w.open > 0 ? performance.now() : w.at);
  };
  const w = { open: 0, at, wait() { clearTimeout(w.timer); if (w.open === 0) w.timer = later(end, quiet); } };
  watched.set(id, w);
  w.wait();
  later(end, longest);
  return end;
}

// began and ended are called for each span, with the id of its parent.
export function began(parent) {
  const w = watched.get(parent);
  if (w) { w.open++; w.wait(); }
}

export function ended(parent, at) {
  const w = watched.get(parent);
  if (w) { w.open--; w.at = Math.max(w.at, Math.min(at, performance.now())); w.wait(); } // the page may give a span any time
}
