// Draws a sheet of ECG paper on a canvas. Everything that comes from a file is drawn with fillText or set as an attribute, never as HTML.

const PAPERS = {
  pink: { ground: "#fffaf8", thin: "#f8dcd8", thick: "#ecaca4", ink: ["#14181d", "#0b5cad"], text: "#3b2b29", flag: "#9a3412" },
  grey: { ground: "#ffffff", thin: "#e9ebed", thick: "#c3c8cc", ink: ["#14181d", "#0b5cad"], text: "#30363b", flag: "#9a3412" },
};
// CSS pixels a millimetre
const FITTING = 2.1; // the least at which a sheet is made to fit; a wider one scrolls
const SCROLLED = 3.1; // the scale at which it then stands
const MOST = 5.4;
const FAINT = 2.8; // below this the thin lines of the grid are drawn fainter, or they would run together
const MISSING = -32768;
const FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif";

function decode(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Int16Array(bytes.buffer);
}

function drawGrid(pen, sheet, size, paper, ratio) {
  const crisp = (millimetres) => (Math.round(millimetres * size * ratio) + 0.5) / ratio;
  for (const [step, colour] of [[1, paper.thin], [5, paper.thick]]) {
    pen.beginPath();
    for (let x = 0; x <= sheet.width; x += step) {
      pen.moveTo(crisp(x), 0);
      pen.lineTo(crisp(x), sheet.height * size);
    }
    for (let y = 0; y <= sheet.height; y += step) {
      pen.moveTo(0, crisp(y));
      pen.lineTo(sheet.width * size, crisp(y));
    }
    pen.strokeStyle = colour;
    pen.lineWidth = 1 / ratio;
    pen.globalAlpha = step === 1 && size * ratio < FAINT ? 0.55 : 1;
    pen.stroke();
    pen.globalAlpha = 1;
  }
}

function drawLine(pen, points, size) {
  pen.beginPath();
  points.forEach(([x, y], place) => (place ? pen.lineTo(x * size, y * size) : pen.moveTo(x * size, y * size)));
  pen.stroke();
}

function drawStrip(pen, strip, sheet, samples, size) {
  const height = sheet.lsb_mv * sheet.gain * size;
  let down = false;
  pen.beginPath();
  for (let place = 0; place < strip.count; place += 1) {
    const value = samples[strip.first + place];
    if (value === MISSING) {
      down = false;
      continue;
    }
    const x = (strip.x + place * strip.step) * size;
    const y = strip.y * size - value * height;
    if (down) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    down = true;
  }
  pen.stroke();
}

function drawTexts(pen, sheet, paper, size) {
  pen.textBaseline = "alphabetic";
  pen.lineJoin = "round";
  const write = (text, x, y, font, colour) => {
    pen.font = font;
    pen.strokeStyle = paper.ground;
    pen.lineWidth = 3;
    pen.strokeText(text, x, y);
    pen.fillStyle = colour;
    pen.fillText(text, x, y);
    return pen.measureText(text).width;
  };
  const large = Math.max(12, 3.1 * size);
  const small = Math.max(10.5, 2.3 * size);
  for (const label of sheet.labels) {
    const width = write(label.text, label.x * size, label.y * size, `600 ${large}px ${FONT}`, paper.text);
    if (label.remark) write(label.remark, label.x * size + width + 5, label.y * size, `${small}px ${FONT}`, paper.text);
  }
  const foot = (sheet.height - 2.8) * size;
  const seconds = (sheet.height - 9.2) * size;
  for (const [x, text] of sheet.ticks) {
    pen.strokeStyle = paper.text;
    pen.lineWidth = 1;
    drawLine(pen, [[x, sheet.height - 14], [x, sheet.height - 12.5]], size);
    pen.textAlign = x > sheet.width - 10 ? "right" : "left";
    write(text, x * size + (x > sheet.width - 10 ? -2 : 2), seconds, `${small}px ${FONT}`, paper.text);
  }
  pen.textAlign = "left";
  const unusual = /GAIN/.test(sheet.scale);
  write(sheet.scale, 5 * size, foot, `600 ${small}px ${FONT}`, unusual ? paper.flag : paper.text);
  pen.textAlign = "right";
  write(sheet.note, (sheet.width - 5) * size, foot, `${small}px ${FONT}`, paper.text);
  pen.textAlign = "left";
}

function draw(canvas, view, data) {
  const { sheet } = data;
  const paper = PAPERS[data.paper];
  const fitting = view.clientWidth / sheet.width;
  const size = fitting < FITTING ? SCROLLED : Math.min(fitting, MOST);
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(sheet.width * size * ratio);
  canvas.height = Math.round(sheet.height * size * ratio);
  canvas.style.width = `${sheet.width * size}px`;
  canvas.style.height = `${sheet.height * size}px`;
  const pen = canvas.getContext("2d", { alpha: false });
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = paper.ground;
  pen.fillRect(0, 0, sheet.width * size, sheet.height * size);
  drawGrid(pen, sheet, size, paper, ratio);
  pen.lineJoin = "round";
  pen.lineWidth = Math.max(1.1, 0.27 * size);
  pen.strokeStyle = paper.ink[0];
  for (const [x, top, bottom] of sheet.breaks) drawLine(pen, [[x, top], [x, bottom]], size);
  for (const pulse of sheet.pulses) drawLine(pen, pulse, size);
  for (const strip of sheet.strips) {
    pen.strokeStyle = paper.ink[strip.ink];
    pen.lineWidth = Math.max(1.1, 0.27 * size) * (strip.ink ? 0.85 : 1);
    drawStrip(pen, strip, sheet, data.decoded, size);
  }
  pen.strokeStyle = paper.ink[0];
  pen.lineWidth = 1;
  drawTexts(pen, sheet, paper, size);
}

const kept = new WeakMap(); // what belongs to one place on the page, from one call to the next

export default function (component) {
  const { data, parentElement } = component;
  const view = parentElement.querySelector(".paper");
  const canvas = parentElement.querySelector("canvas");
  const state = kept.get(canvas) || { frame: 0 };
  kept.set(canvas, state);
  if (!state.data || state.data.samples !== data.samples) data.decoded = decode(data.samples);
  else data.decoded = state.data.decoded;
  state.data = data;
  view.setAttribute("aria-label", data.alt);
  canvas.setAttribute("aria-label", data.alt);

  const paint = () => {
    cancelAnimationFrame(state.frame);
    state.frame = requestAnimationFrame(() => {
      const begun = performance.now();
      draw(canvas, view, state.data);
      canvas.dataset.drawMs = (performance.now() - begun).toFixed(1);
      canvas.dataset.painted = performance.now().toFixed(0); // ms since the page was asked for
      canvas.dataset.scale = state.data.sheet.scale;
      view.classList.toggle("wide", view.scrollWidth > view.clientWidth + 1);
    });
  };
  const observer = new ResizeObserver(paint);
  observer.observe(view);
  paint();
  return () => {
    observer.disconnect();
    cancelAnimationFrame(state.frame);
  };
}
