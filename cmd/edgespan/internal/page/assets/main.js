// Connects the parts: the source of traces, the keys, and the reaction to a change of the state.

function openTrace(key) {
  if (key === state.trace) return;
  state.trace = key;
  state.span = '';
  writeHash(true);
  refreshTrace();
}

function refreshTrace(arrived) {
  const t = data.traces.get(state.trace), seen = tree.trace;
  tree.open(t || null);
  list.rows.selected = list.index();
  if (t !== seen && list.rows.selected >= 0) list.rows.reveal(list.rows.selected);
  list.rows.paint();
  document.title = t ? show(t.name, 80) + ' – Edgespan' : 'Edgespan traces';
  const s = t && tree.selected();
  if (s) tree.show(s);
  if (s && (detail.isOpen() || seen !== t || arrived)) detail.open(s); else detail.close(); // an address that names a span opens its details
  sayEmpty();
}

function sayEmpty() {
  const none = byId('none');
  none.hidden = list.shown.length > 0 || !data.traces.size;
  const [what, how] = state.query ? ['Nothing matches', 'Esc in the search clears it.'] : ['No trace has an error', 'Errors only shows all again.'];
  none.textContent = `${what}. ${how}`;
  const lines = !data.traces.size
    ? [el('b', '', source.live ? 'Waiting for traces' : 'No traces'), source.live ? 'They appear here as they arrive.' : 'No spans were found in the input.']
    : state.trace && !data.traces.has(state.trace)
      ? [el('b', '', 'This trace is not here'), 'It may have been dropped as too old, or may not have arrived yet.']
      : !list.shown.length ? [el('b', '', what), how]
      : [el('b', '', 'Choose a trace'), 'The arrow keys go through the list and into a trace. ? shows all keys.'];
  byId('empty').replaceChildren(lines[0], el('br'), lines[1]);
}

// refresh redraws everything, once for several changes that come together.
let waiting = false;
function refresh() {
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    list.update();
    const t = data.traces.get(state.trace);
    if (t !== tree.trace) refreshTrace(); else sayEmpty();
    if (data.forgotten) byId('from').textContent = `${data.forgotten.toLocaleString('en')} older ones dropped`;
  }, 60);
}

// applyChoice updates the search field and the button from the state, and then the rest of the page (showChoice).
function applyChoice() {
  byId('search').value = state.query;
  byId('errors').setAttribute('aria-pressed', String(state.errors));
  showChoice();
}

function showChoice() {
  setQuery(state.query);
  list.update();
  if (tree.trace) tree.update();
  sayEmpty();
  if (data.traces.size) say([list.count(), byId('matches').textContent].filter(Boolean).join(', '));
}

const source = {
  live: false,
  paused: false,
  events: null, // the connection
  run: '',
  stale: new Set(), // keys of traces that the server has not sent again yet

  start() {
    const embedded = byId('data');
    if (embedded) {
      const { title, traces } = JSON.parse(embedded.textContent);
      byId('from').textContent = show(title, 300);
      traces.forEach((t) => data.put(t));
      return;
    }
    this.live = true;
    byId('live').hidden = false;
    byId('pause').addEventListener('click', () => this.pause());
    document.addEventListener('visibilitychange', () => this.follow());
    this.follow();
  },

  pause() {
    if (!this.live) return;
    this.paused = !this.paused;
    byId('pause').setAttribute('aria-pressed', String(this.paused));
    this.follow();
    if (this.paused) this.say('Paused');
  },

  // follow connects, or disconnects while the page is paused or hidden: a browser opens only six connections to a server, for all of
  // its tabs.
  follow() {
    const wanted = !this.paused && !document.hidden;
    if (wanted && !this.events) this.connect();
    if (!wanted && this.events) this.disconnect();
  },

  disconnect() {
    this.events.close();
    this.events = null;
  },

  connect() {
    const events = this.events = new EventSource('events');
    const on = (name, act) => events.addEventListener(name, (e) => { act(e.data && JSON.parse(e.data)); refresh(); });
    const drop = (keys) => keys.forEach((key) => { if (key !== state.trace) data.drop(key); });
    on('hello', ({ run, keep }) => {
      if (this.run && this.run !== run) data.traces.clear();
      this.run = run;
      this.stale = new Set(data.traces.keys());
      data.keep = keep;
      this.say('Live');
    });
    on('trace', (trace) => { data.put(trace); this.stale.delete(trace.key); });
    on('gone', drop);
    on('all', () => { drop(this.stale); this.stale.clear(); });
    events.addEventListener('error', () => {
      this.say('Not connected; retrying');
      if (events.readyState !== EventSource.CLOSED) return; // the browser retries
      this.disconnect();
      setTimeout(() => this.follow(), 3000);
    });
  },

  say(what) {
    byId('live').classList.toggle('off', what !== 'Live');
    if (byId('link').textContent !== what) byId('link').textContent = what;
  },
};

const theme = {
  kept: '', // the user's choice; empty for the system's
  start() {
    try { this.kept = localStorage.getItem('edgespan-theme') || ''; } catch { /* a page from a file may have no storage */ }
    const dark = matchMedia('(prefers-color-scheme: dark)'), follow = () => this.set(this.kept || (dark.matches ? 'dark' : 'light'));
    follow();
    dark.addEventListener('change', () => { follow(); timeline.draw(); });
    byId('theme').addEventListener('click', () => this.toggle());
  },
  set(name) { document.documentElement.dataset.theme = name; },
  toggle() {
    const name = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    this.set(this.kept = name);
    try { localStorage.setItem('edgespan-theme', name); } catch { /* then it is for now */ }
    timeline.draw();
  },
};

// The user can turn off the keys that are characters, since a program that types what is said presses them too.
const letters = {
  start() {
    try { byId('letters').checked = localStorage.getItem('edgespan-letters') !== 'off'; } catch { /* then they are on */ }
    byId('letters').addEventListener('change', () => {
      try { localStorage.setItem('edgespan-letters', this.on() ? 'on' : 'off'); } catch { /* then it is for now */ }
    });
  },
  on() { return byId('letters').checked; },
};

function toggleErrors() {
  state.errors = !state.errors;
  writeHash();
  applyChoice();
}

const inList = () => byId('list').contains(document.activeElement) || !tree.trace;

// The keys and their actions. The letters are those of vi, otel-desktop-viewer and otelop.
const keys = {
  j: () => inList() ? list.move(1) : tree.move(1),
  k: () => inList() ? list.move(-1) : tree.move(-1),
  l: () => { if (!inList()) return tree.in(); if (!tree.trace) list.move(0); tree.focus(); if (tree.trace && !tree.selected()) tree.move(0); },
  h: () => { if (!inList() && !tree.out()) byId('list').focus(); },
  g: () => inList() ? list.move(-Infinity) : tree.move(-Infinity),
  G: () => inList() ? list.move(Infinity) : tree.move(Infinity),
  '[': () => list.move(-1),
  ']': () => list.move(1),
  n: () => tree.trace && tree.jump(1),
  N: () => tree.trace && tree.jump(-1),
  Enter: () => { if (inList()) return keys.l(); const s = tree.selected(); if (detail.isOpen()) detail.close(); else if (s) detail.open(s); },
  c: () => tree.copyID(),
  z: () => timeline.zoomToSpan(),
  '+': () => timeline.scale(0.5),
  '-': () => timeline.scale(2),
  0: () => timeline.reset(),
  ',': () => timeline.shift(-0.25),
  '.': () => timeline.shift(0.25),
  f: () => tree.trace && tree.foldAll(true),
  F: () => tree.trace && tree.foldAll(false),
  '/': () => { byId('search').focus(); byId('search').select(); },
  e: toggleErrors,
  p: () => source.pause(),
  t: () => theme.toggle(),
  '?': () => byId('help').showModal(),
  Escape: () => {
    if (detail.isOpen()) detail.close();
    else if (timeline.zoomed()) timeline.reset();
    else if (!inList()) byId('list').focus();
    else if (state.query) clearSearch();
  },
};
Object.assign(keys, { ArrowDown: keys.j, ArrowUp: keys.k, ArrowRight: keys.l, ArrowLeft: keys.h, Home: keys.g, End: keys.G, '=': keys['+'] });
keys.PageDown = () => inList() ? list.move(10) : tree.move(20);
keys.PageUp = () => inList() ? list.move(-10) : tree.move(-20);

function onKey(e) {
  if (e.ctrlKey || e.metaKey || e.altKey || byId('help').open || (e.key.length === 1 && !letters.on())) return;
  const in_ = e.target.closest('input, select, button, a, textarea, .detail');
  if (in_ && (in_.matches('input, select') || ['Enter', ' ', 'Tab', 'ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'].includes(e.key))) return;
  const act = Object.hasOwn(keys, e.key) && keys[e.key];
  if (!act) return;
  e.preventDefault();
  act();
}

function startSearch() {
  const input = byId('search');
  let timer = 0;
  const search = () => { clearTimeout(timer); state.query = input.value.trim(); writeHash(); showChoice(); };
  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(search, 120); });
  input.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape' && e.key !== 'Enter') return;
    e.preventDefault();
    e.stopPropagation();
    if (e.key === 'Escape') input.value = '';
    search();
    byId('list').focus();
    if (e.key === 'Enter' && list.index() < 0) list.move(0);
  });
}

function clearSearch() {
  state.query = '';
  writeHash();
  applyChoice();
}

theme.start();
letters.start();
list.start();
timeline.start();
tree.start();
startSearch();
byId('errors').addEventListener('click', toggleErrors);
byId('order').addEventListener('change', (e) => { state.order = e.target.value; list.update(); });
byId('help-open').addEventListener('click', () => byId('help').showModal());
document.addEventListener('keydown', onKey);
window.addEventListener('resize', () => detail.cover());
// The address was changed: by a link, by hand, or by going back.
const arrive = () => { readHash(); applyChoice(); refreshTrace(true); };
window.addEventListener('hashchange', arrive);
window.addEventListener('popstate', arrive);
readHash();
source.start();
applyChoice();
if (!state.trace && !source.live && list.shown.length) { state.trace = list.shown[0].key; }
refreshTrace();
byId(detail.covers() ? 'detail' : 'list').focus();
window.addEventListener('beforeprint', () => { printing = true; list.rows.paint(); tree.rows.paint(); });
window.addEventListener('afterprint', () => { printing = false; list.rows.paint(); tree.rows.paint(); });
