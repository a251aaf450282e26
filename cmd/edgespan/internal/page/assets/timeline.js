// The time range that is shown, the overview above the tree, and the axis.

const timeline = {
  from: 0, // start of the range, in nanoseconds since the start of the trace
  to: 1,
  drag: null,

  start() {
    const overview = byId('overview'), axis = byId('axis');
    this.watch(overview, () => [0, this.whole()]);
    this.watch(axis, () => [this.from, this.to]);
    overview.addEventListener('dblclick', () => this.reset());
    axis.addEventListener('dblclick', () => this.reset());
    byId('zoom-out').addEventListener('click', () => this.reset());
    byId('zoom-more').addEventListener('click', () => this.scale(0.5));
    byId('zoom-less').addEventListener('click', () => this.scale(2));
    new ResizeObserver(() => this.draw()).observe(overview);
  },

  // watch lets the user drag a range on e, which shows the times that span() returns.
  watch(e, span) {
    const at = (event) => {
      const box = e.getBoundingClientRect(), [from, to] = span();
      return from + Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * (to - from);
    };
    e.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || !tree.trace) return;
      this.drag = { from: at(event), to: at(event) };
      e.setPointerCapture(event.pointerId);
    });
    e.addEventListener('pointermove', (event) => {
      if (!this.drag || !e.hasPointerCapture(event.pointerId)) return;
      this.drag.to = at(event);
      this.draw();
    });
    e.addEventListener('pointerup', (event) => {
      if (!this.drag || !e.hasPointerCapture(event.pointerId)) return;
      const { from, to } = this.drag;
      this.drag = null;
      if (Math.abs(to - from) > (span()[1] - span()[0]) / 200) this.zoom(Math.min(from, to), Math.max(from, to));
      else this.draw();
    });
    e.addEventListener('pointercancel', () => { this.drag = null; this.draw(); });
  },

  whole() { return tree.trace ? Math.max(tree.trace.dur, 1) : 1; },
  zoomed() { return this.from > 0 || this.to < this.whole(); },
  reset() { this.zoom(0, this.whole()); },

  // zoom shows a range, limited to the trace and to at least one nanosecond.
  zoom(from, to) {
    const whole = this.whole(), length = Math.min(Math.max(to - from, Math.min(1, whole)), whole);
    this.from = Math.min(Math.max(from, 0), whole - length);
    this.to = this.from + length;
    this.draw();
    tree.rows.paint();
  },

  // scale multiplies the length of the range, around the middle of the selected span or of the range.
  scale(factor) {
    const s = tree.selected(), middle = (this.from + this.to) / 2, length = (this.to - this.from) * factor;
    let center = s ? s.at + Math.max(s.dur, 0) / 2 : middle;
    if (center < this.from || center > this.to) center = middle;
    this.zoom(center - length / 2, center + length / 2);
  },
  shift(part) { this.zoom(this.from + (this.to - this.from) * part, this.to + (this.to - this.from) * part); },

  zoomToSpan() {
    const s = tree.selected();
    if (!s) return;
    const length = Math.max(s.dur, 1);
    this.zoom(s.at - length * 0.05, s.at + length * 1.05);
  },

  // place returns the position of a time in the range, from 0 to 1 if it is inside.
  place(at) { return (at - this.from) / (this.to - this.from); },

  draw() {
    if (!tree.trace) return;
    this.drawAxis();
    this.drawOverview();
    byId('range').textContent = this.zoomed()
      ? `${formatDuration(this.from)} to ${formatDuration(this.to)} of ${formatDuration(tree.trace.dur)}` : 'Drag to zoom';
    byId('zoom-out').hidden = !this.zoomed();
  },

  drawAxis() {
    const axis = byId('axis'), steps = axis.clientWidth < 260 ? 2 : 4, parts = []; // a label needs 65 pixels
    for (let i = 0; i < steps; i++) {
      const label = el('span', '', formatDuration(this.from + (this.to - this.from) * i / steps));
      label.style.left = 100 * i / steps + '%';
      parts.push(label);
    }
    axis.replaceChildren(...parts);
    byId('tree').style.setProperty('--step', 100 / steps + '%');
  },

  drawOverview() {
    const canvas = byId('overview'), width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const g = canvas.getContext('2d');
    g.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement), color = (name) => style.getPropertyValue(name);
    const colors = Array.from({ length: 8 }, (_, i) => color('--c' + i)), bad = color('--error');
    const spans = tree.trace.spans, whole = this.whole(), lane = Math.max(Math.min((height - 8) / spans.length, 7), 1);
    // If there are more spans than lines, later spans are drawn over earlier ones. Failed spans are drawn last.
    for (const failed of [false, true]) {
      spans.forEach((s, i) => {
        if (Boolean(s.err) !== failed || s.noStart) return;
        const x = s.at / whole * width, end = s.dur < 0 ? width : (s.at + s.dur) / whole * width;
        const y = 4 + (lane > 1 ? i * lane : i / spans.length * (height - 8));
        g.fillStyle = failed ? bad : colors[s.color];
        g.fillRect(x, y, Math.max(end - x, 1.5), Math.max(lane - 1.5, 1));
      });
    }
    const shade = (from, to) => g.fillRect(from / whole * width, 0, (to - from) / whole * width, height);
    const range = this.drag ? { from: Math.min(this.drag.from, this.drag.to), to: Math.max(this.drag.from, this.drag.to) } : this;
    if (this.drag || this.zoomed()) {
      g.fillStyle = color('--bg');
      g.globalAlpha = 0.72;
      shade(0, range.from);
      shade(range.to, whole);
      g.globalAlpha = 1;
      g.fillStyle = color('--accent');
      g.fillRect(range.from / whole * width - 1, 0, 2, height);
      g.fillRect(range.to / whole * width - 1, 0, 2, height);
    }
  },
};
