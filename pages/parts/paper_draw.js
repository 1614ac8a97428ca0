// Draws a sheet of ECG paper. Everything that comes from a file is drawn with fillText, never as HTML.

const FAINT = 2.8; // pixels a millimetre below which thin lines are drawn fainter, or they would run together
const MISSING = -32768;
const FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif";
const SEEN = 1;
const minus = (text) => text.replace("-", "−");

// a view is the part of a sheet that is painted: size in pixels a millimetre, left, top, width, height in pixels
function drawGrid(pen, sheet, view, inks, ratio) {
  const crisp = (millimetres) => (Math.round(millimetres * view.size * ratio) + 0.5) / ratio;
  const [first, last] = [view.left / view.size, Math.min((view.left + view.width) / view.size, sheet.width)];
  const [top, bottom] = [view.top / view.size, Math.min((view.top + view.height) / view.size, sheet.height)];
  for (const [step, colour] of [[1, inks.thin], [5, inks.thick]]) {
    pen.beginPath();
    for (let x = Math.floor(first / step) * step; x <= last; x += step) {
      pen.moveTo(crisp(x), top * view.size);
      pen.lineTo(crisp(x), bottom * view.size);
    }
    for (let y = Math.floor(top / step) * step; y <= bottom; y += step) {
      pen.moveTo(first * view.size, crisp(y));
      pen.lineTo(last * view.size, crisp(y));
    }
    pen.strokeStyle = colour;
    pen.lineWidth = 1 / ratio;
    pen.globalAlpha = step === 1 && view.size * ratio < FAINT ? 0.55 : 1;
    pen.stroke();
    pen.globalAlpha = 1;
  }
}

function drawLine(pen, points, size) {
  pen.beginPath();
  points.forEach(([x, y], place) => (place ? pen.lineTo(x * size, y * size) : pen.moveTo(x * size, y * size)));
  pen.stroke();
}

function drawStrip(pen, strip, sheet, samples, view) {
  const { size } = view;
  const height = strip.sign * sheet.lsb_mv * sheet.gain * size;
  const inside = (pixels) => Math.floor((pixels / size - strip.x) / strip.step);
  const begin = Math.max(0, inside(view.left) - 1);
  const end = Math.min(strip.count, inside(view.left + view.width) + 2);
  let down = false;
  pen.beginPath();
  for (let place = begin; place < end; place += 1) {
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

function stripes(pen, colour, alpha) {
  const tile = document.createElement("canvas");
  tile.width = 5;
  tile.height = 5;
  const brush = tile.getContext("2d");
  brush.globalAlpha = alpha;
  brush.strokeStyle = colour;
  brush.lineWidth = 1.6;
  for (const shift of [-5, 0, 5]) drawLine(brush, [[shift, 5], [shift + 5, 0]], 1);
  return pen.createPattern(tile, "repeat");
}

// what speaks for the class is a full shade, what speaks against it a striped one: colour is not the only difference
function drawShades(pen, sheet, inks, size) {
  const against = stripes(pen, inks.against, 1);
  for (const shade of sheet.shades) {
    shade.values.forEach((value, place) => {
      if (!value) return;
      pen.globalAlpha = Math.min(1, Math.abs(value) / 100) * 0.75;
      pen.fillStyle = value > 0 ? inks.toward : against;
      pen.fillRect((shade.x + place * shade.step) * size, shade.top * size, shade.step * size + 0.4, (shade.bottom - shade.top) * size);
    });
  }
  pen.globalAlpha = 1;
}

function drawMarks(pen, sheet, inks, size, write) {
  const hatched = stripes(pen, inks.text, 0.35);
  for (const mark of sheet.marks) {
    const width = (mark.end - mark.x) * size;
    if (mark.kind === "gap") {
      pen.fillStyle = hatched;
      pen.fillRect(mark.x * size, mark.top * size, Math.max(width, 1), (mark.bottom - mark.top) * size);
      if (width > 60) write("no signal", mark.x * size + 4, mark.bottom * size - 4, 0.75, inks.flag);
    } else {
      pen.strokeStyle = inks.flag;
      pen.lineWidth = Math.max(2.5, 0.6 * size);
      drawLine(pen, [[mark.x - 0.3, mark.top], [mark.end + 0.3, mark.top]], size);
      write("cut off?", mark.end * size + 4, mark.top * size + 4, 0.7, inks.flag);
    }
  }
}

function drawBeats(pen, sheet, inks, size, write) {
  if (!sheet.beats.length) return;
  pen.strokeStyle = inks.mark;
  pen.fillStyle = inks.mark;
  pen.lineWidth = Math.max(1.2, 0.3 * size);
  const y = sheet.height - 18.6;
  write("RR, ms", 5 * size, (y + 1.9) * size, 0.72, inks.text);
  for (const [x, rr, middle] of sheet.beats) {
    pen.fillStyle = inks.mark;
    pen.beginPath();
    pen.moveTo((x - 1) * size, y * size);
    pen.lineTo((x + 1) * size, y * size);
    pen.lineTo(x * size, (y + 1.9) * size);
    pen.fill();
    pen.strokeStyle = inks.mark;
    for (const box of sheet.boxes) {
      if (box.x <= x && x < box.end) drawLine(pen, [[x, box.top + 0.2], [x, box.top + 1.8]], size);
    }
    pen.textAlign = "center";
    const before = middle === null ? 0 : (x - middle) * 2 * size;
    if (before > 34) write(rr.toFixed(0), middle * size, (y + 1.9) * size, 0.72, inks.text);
    pen.textAlign = "left";
  }
}

function drawLabels(pen, sheet, inks, size, layer, write) {
  for (const label of sheet.labels) {
    let x = label.x * size;
    x += write(label.text, x, label.y * size, 1, inks.text, 600) + 5;
    const remark = layer === SEEN ? label.seen : label.remark;
    if (remark) x += write(remark, x, label.y * size, 0.75, /leaves/.test(remark) ? inks.flag : inks.text) + 6;
    if (label.share) write(minus(label.share), x, label.y * size, 0.75, inks.text, 600);
  }
}

function drawFoot(pen, sheet, inks, size, layer, words, write) {
  for (const [x, text] of sheet.ticks) {
    pen.strokeStyle = inks.text;
    pen.lineWidth = 1;
    drawLine(pen, [[x, sheet.height - 14], [x, sheet.height - 12.5]], size);
    const last = x > sheet.width - 10;
    pen.textAlign = last ? "right" : "left";
    write(text, x * size + (last ? -2 : 2), (sheet.height - 9.2) * size, 0.75, inks.text);
  }
  const y = (sheet.height - 2.8) * size;
  const unusual = /GAIN/.test(sheet.scale);
  const room = (sheet.width - 10) * size;
  pen.font = `600 ${Math.max(10.5, 2.3 * size)}px ${FONT}`;
  const width = pen.measureText(`${sheet.scale} · ${words} ${sheet.note}`).width;
  const share = 0.75 * Math.min(1, room / (width + 16));
  pen.textAlign = "left";
  const used = write(sheet.scale, 5 * size, y, share, unusual ? inks.flag : inks.text, 600);
  if (words) write(` · ${words}`, 5 * size + used, y, share, layer === SEEN ? inks.flag : inks.text, 600);
  pen.textAlign = "right";
  write(sheet.note, (sheet.width - 5) * size, y, share, inks.text);
  pen.textAlign = "left";
}

function drawSheet(pen, data, samples, view, layer, ratio) {
  const { sheet, inks } = data;
  const { size } = view;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = inks.ground;
  pen.fillRect(0, 0, view.width, view.height);
  pen.setTransform(ratio, 0, 0, ratio, -view.left * ratio, -view.top * ratio);
  const write = (text, x, y, share, colour, weight = 400) => {
    pen.font = `${weight} ${Math.max(share < 0.75 ? 8 : 10.5, 3.1 * size * share)}px ${FONT}`;
    pen.textBaseline = "alphabetic";
    pen.strokeStyle = inks.ground;
    pen.lineWidth = 3;
    pen.strokeText(text, x, y);
    pen.fillStyle = colour;
    pen.fillText(text, x, y);
    return pen.measureText(text).width;
  };
  drawShades(pen, sheet, inks, size);
  drawGrid(pen, sheet, view, inks, ratio);
  pen.lineJoin = "round";
  const thin = Math.max(1.1, 0.27 * size);
  pen.lineWidth = thin;
  pen.strokeStyle = inks.traces[0];
  for (const [x, top, bottom] of sheet.breaks) drawLine(pen, [[x, top], [x, bottom]], size);
  for (const pulse of sheet.pulses) drawLine(pen, pulse, size);
  for (const strip of sheet.strips) {
    if (!samples || strip.layer !== layer) continue;
    pen.strokeStyle = inks.traces[strip.ink];
    pen.lineWidth = thin * (strip.ink ? 0.85 : 1);
    drawStrip(pen, strip, sheet, samples, view);
  }
  if (layer !== SEEN) drawMarks(pen, sheet, inks, size, write);
  drawBeats(pen, sheet, inks, size, write);
  drawLabels(pen, sheet, inks, size, layer, write);
  drawFoot(pen, sheet, inks, size, layer, data.layers[layer] || "", write);
}
