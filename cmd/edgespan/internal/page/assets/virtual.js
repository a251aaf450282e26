// VirtualList keeps only the visible rows in the document, since a trace may have thousands.

class VirtualList {
  // draw(item, index) returns a new element. name is the prefix of the ids of rows, for aria-activedescendant.
  constructor(box, height, name, draw) {
    Object.assign(this, { box, height, name, draw, items: [], selected: -1 });
    this.space = el('div');
    this.space.setAttribute('role', 'presentation');
    box.append(this.space);
    box.addEventListener('scroll', () => this.paint(), { passive: true });
    new ResizeObserver(() => this.paint()).observe(box);
  }

  set(items, selected) {
    this.items = items;
    this.selected = selected;
    this.space.style.height = items.length * this.height + 'px';
    this.paint();
  }

  paint() {
    const top = this.box.scrollTop, seen = this.box.clientHeight || 600;
    const from = Math.max(0, Math.floor(top / this.height) - 6);
    const to = Math.min(this.items.length, Math.ceil((top + seen) / this.height) + 6);
    const rows = document.createDocumentFragment();
    for (let i = from; i < to; i++) rows.append(this.row(i));
    if (this.selected >= 0 && this.selected < this.items.length && (this.selected < from || this.selected >= to)) rows.append(this.row(this.selected));
    this.space.replaceChildren(rows);
    if (this.selected >= 0) this.box.setAttribute('aria-activedescendant', this.name + this.selected);
    else this.box.removeAttribute('aria-activedescendant');
  }

  row(i) {
    const e = this.draw(this.items[i], i);
    e.id = this.name + i;
    e.dataset.index = i;
    e.style.top = i * this.height + 'px';
    e.setAttribute('aria-selected', String(i === this.selected));
    return e;
  }

  // reveal scrolls just enough to make row i visible.
  reveal(i) {
    const top = i * this.height, seen = this.box.clientHeight;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + this.height > this.box.scrollTop + seen) this.box.scrollTop = top + this.height - seen;
  }

  // indexOf returns the row of an event, or -1.
  indexOf(event) {
    const e = event.target.closest('[data-index]');
    return e ? Number(e.dataset.index) : -1;
  }
}
