// The list of traces.

const list = {
  shown: [],
  longest: 1,
  day: '', // of the newest trace; the day of others is shown
  heldAt: -1, // where update() has scrolled to because the mouse is on the list

  start() {
    this.rows = new VirtualList(byId('list'), 58, (t) => 'trace-' + t.key, (t, i) => this.draw(t, i));
    byId('list').addEventListener('click', (e) => {
      const i = this.rows.indexOf(e);
      if (i >= 0) openTrace(this.shown[i].key);
    });
    byId('list').addEventListener('mouseleave', () => {
      if (byId('list').scrollTop === this.heldAt) byId('list').scrollTop = 0;
      this.heldAt = -1;
    });
  },

  draw(t, i) {
    const { day, clock } = timeOf(t, t.newest), today = day === this.day, took = t.root ? el('span', 'took', tookOf(t)) : null;
    if (took && t.apart) took.title = `The slowest of ${requestsOf(t)}`;
    const item = el('div', 'item' + (t.errors ? ' failed' : ''),
      el('div', 'l1', oneLine(t.name, 'name'), t.root && t.root.http ? httpBadge(t.root) : null, took),
      el('div', 'l2', oneLine(t.path || t.services.join(', '), 'path'),
        t.errors ? el('span', 'badge bad', plural(t.errors, 'error')) : null,
        t.requests > 1 ? el('span', 'badge', plural(t.requests, 'request')) : null,
        el('span', 'spans', t.root ? plural(t.spans.length, 'span') : plural(t.logs.length, 'log record')), el('span', 'clock', today ? '' : el('span', 'day', day.slice(5) + ' '), clock.slice(0, 8), today ? el('span', 'ms', clock.slice(8, 12)) : '')));
    const len = el('div', 'len');
    len.style.width = `calc((100% - 24px) * ${Math.max(0.004, t.slowest / this.longest)})`;
    item.append(len);
    item.setAttribute('role', 'option');
    item.setAttribute('aria-posinset', i + 1);
    item.setAttribute('aria-setsize', this.shown.length);
    return item;
  },

  // update redraws the list. The visible rows stay in place when traces arrive above them, if the list is scrolled or the mouse is on it.
  update() {
    const box = byId('list'), anchor = this.shown[Math.floor(box.scrollTop / 58)];
    const offset = box.scrollTop % 58;
    this.shown = chosenTraces();
    this.longest = this.shown.reduce((max, t) => Math.max(max, t.slowest), 1);
    const newest = this.shown.reduce((a, t) => a && a.newestAt > t.newestAt ? a : t, null);
    this.day = newest ? timeOf(newest, newest.newest).day : '';
    this.rows.set(this.shown, this.index());
    if (anchor && (box.scrollTop > 0 || box.matches(':hover'))) {
      const i = this.shown.findIndex((t) => t.key === anchor.key), was = box.scrollTop;
      if (i >= 0) box.scrollTop = i * 58 + offset;
      if (was === 0 || was === this.heldAt) this.heldAt = box.scrollTop;
    }
    byId('count').textContent = this.count();
  },

  count() {
    const all = data.traces.size;
    return this.shown.length === all ? plural(all, 'trace') : `${this.shown.length.toLocaleString('en')} of ${plural(all, 'trace')}`;
  },

  index() { return this.shown.findIndex((t) => t.key === state.trace); },

  // move opens the trace that many places further on.
  move(by) {
    if (!this.shown.length) return;
    const at = this.index();
    const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), this.shown.length - 1);
    openTrace(this.shown[to].key);
    this.rows.reveal(to);
  },
};
