// The open trace: its head, and the tree of its spans with their bars.

const tree = {
  trace: null,
  folded: new Set(), // indexes of spans
  visible: [], // the spans that are not folded away
  current: null, // the span that was selected last

  start() {
    const box = byId('tree');
    this.rows = new VirtualList(box, 28, (s) => 'span-' + s.index, (s, i) => this.draw(s, i));
    box.addEventListener('click', (e) => {
      const i = this.rows.indexOf(e);
      if (i < 0) return;
      if (e.target.closest('.fold')) this.fold(this.visible[i], !this.folded.has(this.visible[i].index));
      else this.select(this.visible[i], true);
    });
    byId('copy').addEventListener('click', () => this.copyID());
    box.addEventListener('dblclick', (e) => { if (!e.target.closest('.fold')) timeline.zoomToSpan(); });
  },

  // open shows a trace. If it is the same trace with new spans, it stays folded and zoomed as it is.
  open(trace) {
    const same = this.trace && trace && this.trace.key === trace.key;
    const wasZoomed = same && timeline.zoomed();
    this.trace = trace;
    byId('view').hidden = !trace;
    byId('empty').hidden = Boolean(trace);
    if (!trace) return this.rows.set([], -1);
    if (!same) {
      this.folded.clear();
      byId('tree').scrollTop = 0;
    }
    this.drawHead();
    this.showRecords(!trace.root);
    if (!wasZoomed) Object.assign(timeline, { from: 0, to: timeline.whole() });
    this.update();
    timeline.draw();
  },

  // showRecords shows log records if the trace has no spans.
  showRecords(yes) {
    const t = this.trace;
    for (const id of ['tree', 'zoom', 'columns']) byId(id).hidden = yes;
    byId('records').hidden = !yes;
    byId('records').replaceChildren(yes ? detail.logs(t.logs, (at) => timeOf(t, at).clock) : '');
  },

  focus() { byId(this.trace && !this.trace.root ? 'records' : 'tree').focus(); },

  update() {
    const visible = [];
    let hiddenBelow = -1; // depth of the folded span whose children are not shown
    for (const s of this.trace.spans) {
      if (hiddenBelow >= 0 && s.depth > hiddenBelow) continue;
      hiddenBelow = this.folded.has(s.index) ? s.depth : -1;
      visible.push(s);
    }
    this.visible = visible;
    byId('tree').setAttribute('aria-rowcount', visible.length);
    this.rows.set(visible, visible.indexOf(this.selected()));
    const hits = found(this.trace);
    byId('matches').textContent = hits ? plural(hits.size, 'span') + ' found' : '';
  },

  // selected returns the span that the address names. If two spans share its id by mistake, it is the one that was selected.
  selected() {
    if (!this.trace || !state.span) return undefined;
    const s = this.current;
    if (s && s.id === state.span && this.trace.spans[s.index] === s) return s;
    return this.trace.spans.find((s) => s.id === state.span);
  },

  drawHead() {
    const t = this.trace, facts = [];
    byId('title').replaceChildren(oneLine(t.name), t.path ? oneLine(t.path, 'path') : '');
    if (t.root) {
      facts.push(el('b', '', tookOf(t)));
      if (t.requests > 1) facts.push(requestsOf(t));
      facts.push(plural(t.spans.length, 'span'));
    }
    if (t.errors) facts.push(el('span', 'bad', plural(t.errors, 'error')));
    if (t.logs.length) facts.push(plural(t.logs.length, 'log record'));
    facts.push(timeOf(t, t.root ? 0 : t.newest).whole);
    const legend = t.byService ? t.services.map((name, i) => [name, i % 8]) : [...new Map(t.spans.map((s) => [s.kind, s.color]))];
    if (!t.byService && t.services[0]) facts.push(oneLine(t.services[0]));
    for (const [name, color] of legend.slice(0, 12)) facts.push(el('span', 'legend c' + color, el('i'), oneLine(name)));
    if (legend.length > 12) facts.push(`and ${legend.length - 12} more`);
    facts.push(el('code', '', t.id || 'no trace id')); // last, beside its button
    byId('copy').hidden = !t.id;
    byId('copy').textContent = 'Copy id';
    byId('facts').replaceChildren(...facts.filter(Boolean).map((f) => el('span', '', f)));
    byId('notes').replaceChildren(...(t.notes || []).map((n) => el('div', '', n)));
  },

  // copyID copies the trace id. Where the browser does not let pages do that, as at an address without TLS, it selects the id.
  async copyID() {
    const button = byId('copy');
    if (!this.trace || !this.trace.id) return;
    try {
      await navigator.clipboard.writeText(this.trace.id);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(byId('facts').querySelector('code'));
      button.textContent = 'Selected';
    }
    say(button.textContent);
  },

  draw(s, i) {
    const t = this.trace, hits = found(t), cell = el('div', 'cell'), lane = el('div', 'lane');
    const row = el('div', `row c${s.color}${s.err ? ' failed' : ''}`, cell, lane, el('span', 'took', this.took(s)));
    if (hits) row.classList.add(hits.has(s) ? 'match' : 'dim');
    const parent = s.children.length > 0, open = parent && !this.folded.has(s.index);
    cell.append(...this.guides(s, this.levels()));
    const fold = el('span', 'fold' + (parent ? '' : ' leaf'), open ? '▼' : '▶');
    fold.setAttribute('aria-hidden', 'true');
    cell.append(fold, el('span', 'swatch'), oneLine(s.name || '(no name)', 'name'));
    if (s.http || s.err) cell.append(httpBadge(s));
    if (t.byService && s.svc >= 0) cell.append(oneLine(t.services[s.svc], 'svc'));
    else if (s.kind === 'client' || s.kind === 'producer' || s.kind === 'consumer') cell.append(el('span', 'svc', s.kind));
    if (parent && !open) cell.append(el('span', 'badge', '+' + this.below(s)));
    this.drawBar(s, lane);
    row.setAttribute('role', 'row');
    row.setAttribute('aria-level', s.depth + 1);
    row.setAttribute('aria-rowindex', i + 1);
    if (parent) row.setAttribute('aria-expanded', String(open));
    for (const c of row.children) c.setAttribute('role', 'gridcell');
    const start = s.noStart ? 'unknown start' : `starts at ${formatDuration(s.at)}`, logs = s.logs.length && plural(s.logs.length, 'log record');
    lane.setAttribute('aria-label', [start, s.events && plural(s.events.length, 'event'), logs].filter(Boolean).join(', '));
    if (!s.noStart && s.dur >= 0) row.lastChild.setAttribute('aria-label', 'took ' + this.took(s));
    return row;
  },

  // levels is how many levels are drawn, so that names have the larger part of the column.
  levels() {
    const style = getComputedStyle(byId('tree')), pixels = (name) => parseFloat(style.getPropertyValue(name));
    return Math.max(2, Math.floor((byId('spans').clientWidth * 0.4 - pixels('--depth')) / pixels('--guide')));
  },

  // guides draws the lines from a span's ancestors to their descendants. If the tree is too deep, it draws the depth and the last levels.
  guides(s, most) {
    const parts = [];
    for (let at = s; at.up >= 0 && parts.length < most; at = this.trace.spans[at.up]) {
      parts.unshift(el('span', 'guide' + (at === s ? at.last ? ' last' : ' branch' : at.last ? ' none' : '')));
    }
    if (s.depth > most) parts.unshift(el('span', 'depth', s.depth));
    return parts;
  },

  took(s) { return s.noStart ? '?' : s.dur < 0 ? 'open' : formatDuration(s.dur); },

  below(s) {
    let n = 0;
    for (let i = s.index + 1; i < this.trace.spans.length && this.trace.spans[i].depth > s.depth; i++) n++;
    return n;
  },

  drawBar(s, lane) {
    if (s.noStart) return;
    const percent = (v) => (100 * Math.min(Math.max(v, -1), 2)).toFixed(3) + '%';
    const from = timeline.place(s.at), to = s.dur < 0 ? 1 : timeline.place(s.at + s.dur);
    if (to >= 0 && from <= 1) {
      const bar = el('div', 'fill' + (s.dur < 0 ? ' open' : ''));
      bar.style.left = percent(Math.max(from, -0.01));
      bar.style.width = percent(Math.min(to, 1.01) - Math.max(from, -0.01));
      lane.append(bar);
    }
    const mark = (at, className, title) => {
      const place = timeline.place(at);
      if (place < 0 || place > 1) return;
      const e = el('div', 'event ' + className);
      e.style.left = `clamp(5px, ${percent(place)}, calc(100% - 6px))`; // completely visible, even at the ends
      e.title = show(title, 300);
      lane.append(e);
    };
    const most = 200; // marks in one row: more could not be distinguished
    for (const e of (s.events || []).slice(0, most)) mark(e.at, e.name === 'exception' ? 'bad' : '', `${e.name} at ${formatDuration(e.at - s.at)}`);
    for (const l of s.logs.slice(0, most)) if (l.at !== undefined) mark(l.at, 'log', `${l.sev || 'log'}: ${l.body}`);
  },

  select(s, showDetail) {
    if (!s) return;
    state.span = s.id;
    this.current = s;
    writeHash();
    const i = this.visible.indexOf(s);
    this.rows.selected = i;
    this.rows.reveal(i);
    this.rows.paint();
    if (showDetail || detail.isOpen()) detail.open(s);
  },

  move(by) {
    const at = this.visible.indexOf(this.selected());
    this.select(this.visible[at < 0 ? 0 : Math.min(Math.max(at + by, 0), this.visible.length - 1)]);
  },

  fold(s, yes) {
    if (!s || !s.children.length) return;
    if (yes) this.folded.add(s.index); else this.folded.delete(s.index);
    this.update();
  },

  foldAll(yes) {
    this.folded = new Set(yes ? this.trace.spans.filter((s) => s.children.length).map((s) => s.index) : []);
    let s = this.selected();
    while (yes && s && s.up >= 0) s = this.trace.spans[s.up];
    this.update();
    if (s) this.select(s);
  },

  // in unfolds the span, or goes to its first child. out folds the span, or goes to its parent; it returns false if it can do neither.
  in() {
    const s = this.selected();
    if (!s) this.move(0);
    else if (this.folded.has(s.index)) this.fold(s, false);
    else if (s.children.length) this.select(this.trace.spans[s.children[0]]);
  },
  out() {
    const s = this.selected();
    if (!s) return false;
    if (s.children.length && !this.folded.has(s.index) && s.depth > 0) this.fold(s, true);
    else if (s.up >= 0) this.select(this.trace.spans[s.up]);
    else return false;
    return true;
  },

  // jump goes to the next span that matches the search, or without a search to the next that has failed.
  jump(by) {
    const hits = found(this.trace), spans = this.trace.spans, s = this.selected();
    const n = spans.length, at = s ? s.index : by > 0 ? -1 : n;
    for (let i = 1; i <= n; i++) {
      const next = spans[(((at + by * i) % n) + n) % n];
      if (hits ? hits.has(next) : next.err) return this.show(next);
    }
  },

  // show selects a span, and unfolds its ancestors.
  show(s) {
    for (let up = s.up; up >= 0; up = this.trace.spans[up].up) this.folded.delete(up);
    this.update();
    this.select(s);
  },
};
