// The paper on the page: tools above it, zoom and scrolling, keys and fingers. It draws only the part that is seen.

const FITTING = 2.1; // CSS pixels a millimetre at which a sheet is still made to fit; a wider one scrolls
const SCROLLED = 3.1; // the scale at which it then stands
const MOST = 5.4;
const ZOOMS = [0.4, 8];
const USUAL_PX = 96 / 25.4;
const RULER = "ecg-paper-px-per-mm"; // of this screen; kept in the browser

const memory = (name) => (globalThis[Symbol.for(name)] ??= new Map());
const samplesOf = memory("ecg.paper.samples"); // filled by paper_samples.js
const states = memory("ecg.paper.states"); // by the place on the page: zoom and calipers outlive a rerun

function stateOf(data) {
  const fresh = { layer: 0, zoom: 1, left: 0, top: 0, ruled: false, tool: null, snap: false, march: false, every: false };
  const state = states.get(data.key) || fresh;
  if (state.of !== data.of) Object.assign(state, { of: data.of, time: null, amplitude: null, span: null });
  if (!data.layers[state.layer]) state.layer = 0;
  if (!data.brush) state.span = null;
  if (!data.brush && state.tool === "brush") state.tool = null;
  states.set(data.key, state);
  return state;
}

function pixelsPerMillimetre() {
  const kept = Number.parseFloat(localStorage.getItem(RULER));
  return kept >= 2 && kept <= 12 ? kept : USUAL_PX;
}

class Paper extends Hands {
  constructor(component) {
    super();
    this.root = component.parentElement;
    this.view = this.find(".paper");
    [this.sheet, this.pane, this.base, this.marks] = [".sheet", ".pane", ".base", ".marks"].map((name) => this.find(name));
    this.pointers = new Map();
    this.frame = 0;
    this.held = null;
    this.edges = ["time a", "time b", "amplitude a", "amplitude b"].map((name) => this.makeEdge(name));
    this.root.querySelectorAll(".bar button").forEach((button) => button.addEventListener("click", (event) => this.press(button, event)));
    const on = (name, act) => this.view.addEventListener(name, (event) => act.call(this, event), { passive: false });
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel", "wheel", "keydown"]) on(name, this[name]);
    this.view.addEventListener("scroll", () => this.scrolled());
    this.slider = this.find(".ruler input");
    this.slider.addEventListener("input", () => {
      localStorage.setItem(RULER, this.slider.value);
      this.refresh();
    });
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  makeEdge(name) {
    const [caliper, end] = name.split(" ");
    const node = document.createElement("div");
    node.className = "edge";
    node.tabIndex = 0;
    node.setAttribute("role", "slider");
    node.addEventListener("keydown", (event) => this.nudge(event, caliper, end));
    this.find(".edges").append(node);
    return { node, caliper, end };
  }

  take(component) {
    this.data = component.data;
    this.tell = (name, value) => component.setStateValue(name, value);
    this.state = stateOf(this.data);
    this.restore = true;
    for (const node of [this.view, this.base]) node.setAttribute("aria-label", this.data.alt);
    const legend = this.find(".legend");
    legend.hidden = !this.data.legend;
    legend.textContent = this.data.legend;
    this.refresh();
  }

  get samples() {
    return samplesOf.get(this.data.samples);
  }

  refresh() {
    const { state, data } = this;
    this.root.querySelectorAll("[data-layer]").forEach((node) => node.setAttribute("aria-pressed", Number(node.dataset.layer) === state.layer));
    this.root.querySelectorAll("[data-tool]").forEach((node) => node.setAttribute("aria-pressed", node.dataset.tool === state.tool));
    this.root.querySelectorAll("[data-switch]").forEach((node) => node.setAttribute("aria-pressed", Boolean(state[node.dataset.switch])));
    this.find(".layers").hidden = data.layers.length < 2;
    this.find(".brushes").hidden = !data.brush;
    this.find("[data-do=unbrush]").hidden = !state.span;
    this.find(".ruler").hidden = !state.ruled;
    this.slider.value = pixelsPerMillimetre();
    this.find(".fifty").style.width = `${50 * pixelsPerMillimetre()}px`;
    this.view.classList.toggle("measuring", Boolean(state.tool));
    const size = state.ruled ? "True to scale if the line above is 50 mm long." : "Not to physical scale on the screen: go by the grid.";
    this.find(".statement").textContent = `${data.statements[state.layer] || ""} ${size}`.trim();
    this.measure();
    this.paint();
  }

  measure() {
    const words = measuredWords(this.state);
    this.find(".measured").hidden = !words;
    this.find("output").textContent = words;
  }

  layout() {
    const { sheet } = this.data;
    const fitting = (this.view.offsetWidth - 2) / sheet.width;
    const usual = fitting < FITTING ? SCROLLED : Math.min(fitting, MOST);
    this.size = this.state.ruled ? pixelsPerMillimetre() : usual * this.state.zoom;
    const [width, height] = [sheet.width * this.size, sheet.height * this.size];
    this.view.style.maxHeight = this.state.ruled ? "none" : `${sheet.height * usual + 20}px`;
    this.sheet.style.width = `${width}px`;
    this.sheet.style.height = `${height}px`;
    if (this.restore) {
      this.view.scrollLeft = this.state.left;
      this.view.scrollTop = this.state.top;
      this.restore = false;
    }
    const seen = [Math.min(this.view.clientWidth, width), Math.min(this.view.clientHeight, height)];
    this.pane.style.width = `${seen[0]}px`;
    this.pane.style.height = `${seen[1]}px`;
    this.part = { size: this.size, left: this.view.scrollLeft, top: this.view.scrollTop, width: seen[0], height: seen[1] };
    this.view.classList.toggle("wide", width > this.view.clientWidth + 1);
  }

  paint(all = true) {
    this.all = this.all || all;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      if (this.all) this.layout();
      const ratio = window.devicePixelRatio || 1;
      if (this.all) this.paintBase(ratio);
      drawCalipers(this.pen(this.marks, ratio, true), this.data, this.state, this.part, ratio);
      this.placeEdges();
      this.all = false;
    });
  }

  paintBase(ratio) {
    const begun = performance.now();
    drawSheet(this.pen(this.base, ratio, false), this.data, this.samples, this.part, this.state.layer, ratio);
    const told = this.base.dataset;
    told.drawMs = (performance.now() - begun).toFixed(1);
    if (this.samples) told.painted = performance.now().toFixed(0); // ms since the page was asked for
    told.scale = this.data.sheet.scale;
    told.layer = this.state.layer;
    told.pixelsPerMm = this.size.toFixed(3);
  }

  pen(canvas, ratio, alpha) {
    const { width, height } = this.part;
    canvas.width = Math.round(width * ratio); // which also wipes it
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    return canvas.getContext("2d", { alpha });
  }

  placeEdges() {
    const { data, state, part } = this;
    for (const { node, caliper, end } of this.edges) {
      const found = state[caliper];
      node.hidden = !found;
      if (!found) continue;
      const time = caliper === "time";
      const box = time ? null : boxOf(data.sheet, found.lead, found.x);
      const x = (time ? xOf(data.sheet, found[end]) : found.x) * part.size - part.left;
      const y = (time ? 0 : box.baseline - found[end] * data.sheet.gain) * part.size - part.top;
      Object.assign(node.style, time
        ? { left: `${x - 4}px`, top: "0", width: "8px", height: `${part.height}px` }
        : { left: `${x - 30}px`, top: `${y - 4}px`, width: "60px", height: "8px" });
      const value = time ? `${found[end].toFixed(3)} s` : `${found[end].toFixed(2)} mV`;
      const place = end === "a" ? "first" : "second";
      node.setAttribute("aria-label", `${time ? "Time" : "Amplitude"} caliper, ${place} edge; arrow keys move it`);
      node.setAttribute("aria-valuenow", found[end].toFixed(3));
      node.setAttribute("aria-valuetext", `${value}; ${time ? timeWords(found) : amplitudeWords(found)}`);
    }
  }

  zoom(factor, x = this.part.width / 2, y = this.part.height / 2) {
    const { state } = this;
    state.ruled = false;
    const before = this.size;
    const [left, top] = [(this.view.scrollLeft + x) / before, (this.view.scrollTop + y) / before];
    state.zoom = factor === 0 ? 1 : within(state.zoom * factor, ...ZOOMS);
    this.layout();
    this.view.scrollLeft = left * this.size - x;
    this.view.scrollTop = top * this.size - y;
    this.scrolled();
    this.refresh();
  }

  scrolled() {
    this.state.left = this.view.scrollLeft;
    this.state.top = this.view.scrollTop;
    this.paint();
  }
}

const papers = new WeakMap(); // what stands in one place of the page, from one call to the next

export default function (component) {
  const view = component.parentElement.querySelector(".paper");
  const paper = papers.get(view) || new Paper(component);
  papers.set(view, paper);
  paper.leave?.(); // each call listens anew: two that listen would flip twice
  paper.take(component);
  const repaint = () => paper.paint();
  const observer = new ResizeObserver(repaint);
  observer.observe(paper.view);
  const key = (event) => paper.pageKey(event);
  document.addEventListener("keydown", key);
  window.addEventListener("ecg-samples", repaint);
  let left = false;
  paper.leave = () => {
    if (left) return;
    left = true;
    observer.disconnect();
    document.removeEventListener("keydown", key);
    window.removeEventListener("ecg-samples", repaint);
    cancelAnimationFrame(paper.frame);
  };
  return paper.leave;
}
