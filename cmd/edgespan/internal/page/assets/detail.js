// The pane with the details of one span.

const detail = {
  isOpen() { return !byId('detail').hidden; },

  close() {
    if (!this.isOpen()) return;
    const inside = byId('detail').contains(document.activeElement);
    byId('detail').hidden = true;
    this.cover();
    if (inside) tree.focus();
    timeline.draw();
  },

  open(s) {
    const t = tree.trace, box = byId('detail'), parts = [];
    const close = el('button', 'close', '×');
    close.type = 'button';
    close.setAttribute('aria-label', 'Close the details');
    close.addEventListener('click', () => this.close());
    parts.push(el('header', '', el('h2', '', el('bdi', '', show(s.name || '(no name)', 2000))), close));
    if (s.problem || s.err) parts.push(el('div', 'problem', show(s.problem || 'The status is an error.')));
    const odd = { missing: 'Its parent is not in this trace.', cycle: 'Its parent is one of its own descendants.', early: 'It starts before its parent: their clocks differ.', backwards: 'It ends before it starts: its clock was set back.' }[s.odd];
    if (odd) parts.push(el('div', 'odd', odd));

    const facts = [
      ['Service', t.services[s.svc]], ['Kind', s.kind], ['Status', s.err ? 'error' : s.ok ? 'ok' : 'unset'],
      ['Start', s.noStart ? 'unknown' : `${formatDuration(s.at)} after the trace began\n${timeOf(t, s.at).whole}`],
      ['Duration', tree.took(s)], ['Span id', s.id],
      ['Parent id', s.pid && s.pid + (s.remote ? ' (in another process)' : '')], ['Scope', s.scope], ['Trace state', s.state],
    ];
    parts.push(this.table(facts.filter((f) => f[1]).map(([k, v]) => [k, v, ''])));
    this.section(parts, 'Attributes', (s.attrs || []).length, s.dropped[0], () => this.table(s.attrs));
    this.section(parts, 'Events', (s.events || []).length, s.dropped[1], () =>
      el('div', '', ...s.events.slice(0, 500).map((e) => this.when(formatDuration(e.at - s.at), e.name, e.attrs))));
    const logs = s === t.root ? sortByTime([...s.logs, ...t.loose]) : s.logs;
    this.section(parts, 'Logs', logs.length, 0, () => this.logs(logs, (at) => formatDuration(at - s.at)));
    this.section(parts, 'Links', (s.links || []).length, s.dropped[2], () => el('div', '', ...s.links.map((k) => this.link(k))));
    const resource = t.resources[s.res] || [];
    this.section(parts, 'Resource', resource.length, 0, () => this.table(resource));
    // If nothing has changed, the elements stay, and with them the focus and selected text.
    const content = el('div', '', ...parts), shown = box.firstElementChild;
    if (!shown || !shown.isEqualNode(content)) {
      const focused = shown && shown.contains(document.activeElement);
      box.replaceChildren(content);
      if (focused) box.focus();
    }
    box.setAttribute('aria-label', 'Span ' + show(s.name, 200));
    const was = box.hidden;
    box.hidden = false;
    if (!was) return;
    say('Details of ' + show(s.name, 200));
    this.cover();
    if (this.covers()) box.focus();
    timeline.draw(); // the overview may be narrower now, or the tree lower
    tree.rows.reveal(tree.rows.selected);
  },

  // covers tells whether the pane is in front of the trace, as on a small screen.
  covers() { return this.isOpen() && getComputedStyle(byId('detail')).position === 'fixed'; },

  // cover takes what is behind the pane out of the reach of the keyboard and of screen readers.
  cover() {
    const on = this.covers();
    for (const e of document.querySelectorAll('.top, .traces, .trace')) e.inert = on;
  },

  // logs lists log records; time() formats their times.
  logs(logs, time) {
    const most = 500, more = logs.length - most;
    return el('div', '', ...logs.slice(0, most).map((l) => {
      const bad = /^(ERR|FATAL|CRIT)/.test(l.sev || '');
      return this.when(l.at === undefined ? '' : time(l.at), l.body, l.attrs, l.sev && el('span', 'badge' + (bad ? ' bad' : ''), show(l.sev, 12)));
    }), more > 0 ? `and ${plural(more, 'more log record')}` : null);
  },

  section(parts, title, n, dropped, content) {
    if (!n && !dropped) return;
    parts.push(el('h3', '', title, el('small', '', ` ${n}${dropped ? ', ' + dropped + ' dropped' : ''}`)));
    if (n) parts.push(content());
  },

  table(rows) {
    return el('dl', '', ...rows.map(([key, value, type]) =>
      el('div', '', el('dt', '', this.key(key)),
        el('dd', type === 'int' || type === 'double' || type === 'bool' ? 'number' : '', el('bdi', '', show(value))))));
  },

  // key allows line breaks after the dots and underscores of a long key.
  key(key) {
    const e = el('bdi');
    for (const part of show(key, 500).split(/(?<=[._])/)) e.append(part, el('wbr'));
    return e;
  },

  when(time, text, attrs, badge) {
    const e = el('div', 'when', el('div', 'what', el('time', '', time), badge, el('bdi', 'text', show(text))));
    if (attrs && attrs.length) e.append(this.table(attrs));
    return e;
  },

  link(k) {
    const target = el(k.trace ? 'a' : 'span', '', k.trace || k.span || 'no span');
    if (k.trace) target.href = '#' + new URLSearchParams({ trace: k.trace, ...(k.span && { span: k.span }) });
    return el('div', 'when', el('div', 'what', el('code', '', target), k.state && el('bdi', 'text', show(k.state))),
      k.attrs && k.attrs.length ? this.table(k.attrs) : null);
  },
};
