// VirtualList keeps only the visible rows in the document, since a trace may have thousands.

let printing = false; // then all rows are drawn
const mostPrinted = 5000;

class VirtualList {
  // draw(item, index) returns a new element, and name(item) the element's id, for aria-activedescendant.
  constructor(box, height, name, draw) {
    Object.assign(this, { box, height, name, draw, items: [], selected: -1 });
    this.space = el('div');
    this.space.setAttribute('role', 'presentation');
    box.append(this.space);
    box.addEventListener('scroll', () => this.paint(), { passive: true });
    new ResizeObserver(() => this.paint()).observe(box);
    box.addEventListener('focus', () => { if (this.selected >= 0 && box.matches(':focus-visible')) this.reveal(this.selected); });
  }

  set(items, selected) {
    this.items = items;
    this.selected = selected;
    this.space.style.height = items.length * this.height + 'px';
    this.paint();
  }

  // paint draws the visible rows. The element of an item that was visible before stays: a click on it, a selection of its text and
  // a screen reader's place survive.
  paint() {
    const top = this.box.scrollTop, seen = this.box.clientHeight || 600, n = this.items.length;
    const from = printing ? 0 : Math.max(0, Math.floor(top / this.height) - 6);
    const to = printing ? Math.min(n, mostPrinted) : Math.min(n, Math.ceil((top + seen) / this.height) + 6);
    const old = new Map(Array.from(this.space.children, (e) => [e.id, e])), rows = [];
    const row = (i) => {
      const fresh = this.row(i), kept = old.get(fresh.id);
      if (!kept) return rows.push(fresh);
      old.delete(fresh.id);
      if (!kept.isEqualNode(fresh)) become(kept, fresh);
      rows.push(kept);
    };
    for (let i = from; i < to; i++) row(i);
    if (this.selected >= 0 && this.selected < n && (this.selected < from || this.selected >= to)) row(this.selected);
    for (const gone of old.values()) gone.remove();
    let at = this.space.firstChild;
    for (const e of rows) if (e === at) at = at.nextSibling; else this.space.insertBefore(e, at);
    if (this.selected >= 0) this.box.setAttribute('aria-activedescendant', this.name(this.items[this.selected]));
    else this.box.removeAttribute('aria-activedescendant');
  }

  row(i) {
    const e = this.draw(this.items[i], i);
    e.id = this.name(this.items[i]);
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
