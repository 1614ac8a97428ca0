// What a person does to the paper: buttons, keys, pointers and fingers.

const KEYS = { t: "time", a: "amplitude", b: "brush" };

class Hands {
  press(button, event) {
    const { state } = this;
    const wanted = button.dataset;
    if (wanted.layer) state.layer = Number(wanted.layer);
    if (wanted.switch) state[wanted.switch] = !state[wanted.switch];
    if (wanted.tool) {
      state.tool = state.tool === wanted.tool ? null : wanted.tool;
      if (event.detail === 0 && state.tool) this.placeByKey(state.tool); // pressed by a key: there is no dragging
    }
    if (wanted.do) this[wanted.do]();
    this.refresh();
  }

  smaller() {
    this.zoom(1 / 1.25);
  }

  larger() {
    this.zoom(1.25);
  }

  fit() {
    this.zoom(0);
  }

  picture() {
    picture(this.data, this.state, this.samples);
  }

  clear() {
    Object.assign(this.state, { time: null, amplitude: null, tool: null });
  }

  unbrush() {
    this.state.span = null;
    this.tell("span", null);
  }

  copy() {
    const words = measuredWords(this.state);
    const button = this.find("[data-do=copy]");
    const said = (text) => {
      button.textContent = text;
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    };
    if (navigator.clipboard) navigator.clipboard.writeText(words).then(() => said("Copied"), () => said("Not allowed"));
    else said("Not allowed");
  }

  flip() {
    if (this.data.layers.length < 2) return;
    this.state.layer = 1 - this.state.layer;
    this.refresh();
  }

  // a caliper in the middle of what is seen, for those who have keys only
  placeByKey(tool) {
    const { sheet } = this.data;
    const point = { x: (this.part.left + this.part.width / 2) / this.size, y: (this.part.top + this.part.height / 3) / this.size };
    if (tool === "brush") return;
    beginDrag(this.data, this.state, this.samples, point);
    if (tool === "time") this.state.time.b = Math.min(this.state.time.a + 1, secondOf(sheet, sheet.width - 5));
    else this.state.amplitude.b = this.state.amplitude.a + 1;
    requestAnimationFrame(() => requestAnimationFrame(() => this.edges.find((edge) => edge.caliper === tool).node.focus()));
  }

  nudge(event, caliper, end) {
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const own = this.data.sheet.strips.filter((strip) => strip.layer === this.state.layer);
    const sample = own.length ? own[0].step / this.data.sheet.speed : 0.002;
    const step = (caliper === "time" ? sample : FINE_MV) * (event.shiftKey ? 10 : 1);
    this.state[caliper][end] += way * step;
    this.measure();
    this.paint(false);
  }

  keydown(event) {
    if (event.key === "Escape") {
      this.clear();
      this.view.focus();
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "+" || event.key === "=") this.larger();
    else if (event.key === "-") this.smaller();
    else if (event.key === "0") this.fit();
    else if (KEYS[event.key] && (event.key !== "b" || this.data.brush)) {
      this.press(this.find(`[data-tool=${KEYS[event.key]}]`), { detail: 0 });
    } else return;
    event.preventDefault();
    this.refresh();
  }

  // wherever the keyboard is, unless one is writing
  pageKey(event) {
    const target = event.composedPath()[0];
    const writing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    if (event.key !== "m" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    this.flip();
  }

  point(event) {
    const place = this.pane.getBoundingClientRect();
    return {
      x: (event.clientX - place.left + this.part.left) / this.size,
      y: (event.clientY - place.top + this.part.top) / this.size,
    };
  }

  pointerdown(event) {
    if (event.button) return;
    this.pointers.set(event.pointerId, event);
    if (this.pointers.size === 2) {
      this.held = null;
      this.apart = this.spread();
      return;
    }
    const point = this.point(event);
    const reach = (NEAR * (event.pointerType === "touch" ? 2 : 1)) / this.size;
    this.before = { time: this.state.time, amplitude: this.state.amplitude, span: this.state.span };
    this.held = edgeUnder(this.data, this.state, point, reach);
    if (!this.held && this.state.tool) this.held = beginDrag(this.data, this.state, this.samples, point);
    if (!this.held) return;
    event.preventDefault();
    this.view.focus({ preventScroll: true });
    this.view.setPointerCapture(event.pointerId);
    this.start = point;
  }

  pointermove(event) {
    if (this.pointers.has(event.pointerId)) this.pointers.set(event.pointerId, event);
    if (this.pointers.size === 2) {
      const now = this.spread();
      this.zoom(now.far / this.apart.far, now.x, now.y);
      this.apart = now;
    } else if (this.held) {
      drag(this.data, this.state, this.samples, this.held, this.point(event));
      this.measure();
      this.paint(false);
    }
  }

  pointerup(event) {
    this.pointers.delete(event.pointerId);
    if (!this.held) return;
    const point = this.point(event);
    const [caliper] = this.held;
    const moved = Math.hypot(point.x - this.start.x, point.y - this.start.y) * this.size > 3;
    this.held = null;
    if (!moved) Object.assign(this.state, this.before); // a click alone measures nothing
    else if (caliper === "span") {
      const { lead, start_s, end_s } = this.state.span;
      this.tell("span", { lead, start_s, end_s, of: this.data.of });
    }
    this.refresh();
  }

  pointercancel(event) {
    this.pointers.delete(event.pointerId);
    this.held = null;
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const place = this.pane.getBoundingClientRect();
    this.zoom(Math.exp(-event.deltaY / 400), event.clientX - place.left, event.clientY - place.top);
  }

  spread() {
    const [one, other] = [...this.pointers.values()];
    const place = this.pane.getBoundingClientRect();
    return {
      far: Math.max(20, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
      x: (one.clientX + other.clientX) / 2 - place.left,
      y: (one.clientY + other.clientY) / 2 - place.top,
    };
  }
}
