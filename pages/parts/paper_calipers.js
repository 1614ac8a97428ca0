// Calipers and the brush: where they lie, what they measure, how they are drawn. Times are seconds of the record.

const NEAR = 9; // pixels within which a pointer takes hold of an edge; a finger has twice as much
const SNAP_MM = 2.5; // how far an edge jumps to a peak
const FINE_MV = 0.01;

const xOf = (sheet, second) => sheet.left + (second - sheet.begin) * sheet.speed;
const secondOf = (sheet, x) => sheet.begin + (x - sheet.left) / sheet.speed;
const within = (value, low, high) => Math.min(Math.max(value, low), high);

function boxAt(sheet, x, y) {
  const far = (box) => Math.max(box.top - y, y - box.bottom, 0) + Math.max(box.x - x, x - box.end, 0);
  return sheet.boxes.reduce((best, box) => (far(box) < far(best) ? box : best));
}

function boxOf(sheet, lead, x) {
  const own = sheet.boxes.filter((box) => box.lead === lead);
  return own.find((box) => box.x <= x && x <= box.end) || own[0];
}

function stripIn(sheet, box, layer) {
  const own = sheet.strips.filter((strip) => strip.lead === box.lead && strip.layer === layer && strip.y === box.baseline);
  return own.find((strip) => strip.ink === 0 && strip.x >= box.x - 0.5 && strip.x < box.end) || own[0];
}

// the highest and the lowest sample near x, as { x, mv }
function extremes(sheet, samples, strip, x) {
  const middle = Math.round((x - strip.x) / strip.step);
  const reach = Math.max(1, Math.round(SNAP_MM / strip.step));
  let [high, low, sum, count] = [null, null, 0, 0];
  for (let place = Math.max(0, middle - reach); place <= Math.min(strip.count - 1, middle + reach); place += 1) {
    const value = samples[strip.first + place];
    if (value === MISSING) continue;
    const found = { x: strip.x + place * strip.step, mv: value * sheet.lsb_mv * strip.sign };
    if (!high || found.mv > high.mv) high = found;
    if (!low || found.mv < low.mv) low = found;
    sum += found.mv;
    count += 1;
  }
  return count ? { high, low, mean: sum / count } : null;
}

// the second at which an edge comes to lie: on a sample, or on the nearest peak or trough
function edgeSecond(data, state, samples, point) {
  const { sheet } = data;
  const strip = stripIn(sheet, boxAt(sheet, point.x, point.y), state.layer);
  if (!strip) return secondOf(sheet, point.x);
  const near = state.snap && samples ? extremes(sheet, samples, strip, point.x) : null;
  if (near) return secondOf(sheet, near.high.mv - near.mean >= near.mean - near.low.mv ? near.high.x : near.low.x);
  return secondOf(sheet, strip.x + Math.round((point.x - strip.x) / strip.step) * strip.step);
}

function edgeMillivolt(data, state, samples, point, box) {
  const { sheet } = data;
  const mv = (box.baseline - point.y) / sheet.gain;
  const strip = stripIn(sheet, box, state.layer);
  const near = state.snap && samples && strip ? extremes(sheet, samples, strip, point.x) : null;
  if (near) return Math.abs(near.high.mv - mv) <= Math.abs(near.low.mv - mv) ? near.high.mv : near.low.mv;
  return Math.round(mv / FINE_MV) * FINE_MV;
}

// the edge that lies under a point, as [caliper, end]
function edgeUnder(data, state, point, reach) {
  const { sheet } = data;
  const { time, amplitude } = state;
  for (const end of ["b", "a"]) {
    if (time && Math.abs(xOf(sheet, time[end]) - point.x) <= reach) return ["time", end];
  }
  const box = amplitude && boxOf(sheet, amplitude.lead, amplitude.x);
  if (box && point.x >= box.x && point.x <= box.end) {
    for (const end of ["b", "a"]) {
      if (Math.abs(box.baseline - amplitude[end] * sheet.gain - point.y) <= reach) return ["amplitude", end];
    }
  }
  return null;
}

function timeWords(time) {
  const ms = Math.abs(time.b - time.a) * 1000;
  return ms >= 1 ? `${ms.toFixed(0)} ms · ${(60000 / ms).toFixed(ms < 600 ? 0 : 1)} /min` : "0 ms";
}

const amplitudeWords = (amplitude) => `${minus((amplitude.b - amplitude.a).toFixed(2))} mV in ${amplitude.label}`;

function measuredWords(state) {
  const words = [];
  if (state.time) words.push(`${timeWords(state.time)}${state.march ? " · marched out" : ""}`);
  if (state.amplitude) words.push(amplitudeWords(state.amplitude));
  return words.join(" · ");
}

function drawTag(pen, text, x, y, inks, size) {
  pen.font = `600 ${Math.max(11.5, 2.6 * size)}px ${FONT}`;
  const width = pen.measureText(text).width + 10;
  const height = Math.max(18, 4.2 * size);
  pen.fillStyle = inks.mark;
  pen.fillRect(x, y - height, width, height);
  pen.fillStyle = inks.ground;
  pen.textBaseline = "middle";
  pen.fillText(text, x + 5, y - height / 2 + 0.5);
}

function drawTime(pen, data, state, view) {
  const { sheet, inks } = data;
  const { time } = state;
  const [a, b] = [time.a, time.b].map((second) => xOf(sheet, second));
  const foot = sheet.height - 14;
  pen.fillStyle = inks.mark;
  pen.globalAlpha = 0.1;
  pen.fillRect(Math.min(a, b) * view.size, 0, Math.abs(b - a) * view.size, foot * view.size);
  pen.globalAlpha = 1;
  pen.lineWidth = 1.5;
  for (const x of [a, b]) drawLine(pen, [[x, 0], [x, foot]], view.size);
  if (state.march && Math.abs(b - a) >= 1.5) {
    const [step, last] = [Math.abs(b - a), sheet.width - 5];
    pen.setLineDash([5, 4]);
    const first = Math.min(a, b) - Math.floor((Math.min(a, b) - sheet.left) / step) * step;
    for (let x = first; x <= last; x += step) drawLine(pen, [[x, 0], [x, foot]], view.size);
    pen.setLineDash([]);
  }
  drawLine(pen, [[a, time.y], [b, time.y]], view.size);
  drawTag(pen, timeWords(time), Math.max(a, b) * view.size + 4, time.y * view.size, inks, view.size);
}

function drawAmplitude(pen, data, state, view) {
  const { sheet, inks } = data;
  const { amplitude } = state;
  const box = boxOf(sheet, amplitude.lead, amplitude.x);
  if (!box) return;
  const [a, b] = [amplitude.a, amplitude.b].map((mv) => box.baseline - mv * sheet.gain);
  const [left, right] = [Math.max(box.x, amplitude.x - 18), Math.min(box.end, amplitude.x + 18)];
  pen.lineWidth = 1.5;
  for (const y of [a, b]) drawLine(pen, [[left, y], [right, y]], view.size);
  drawLine(pen, [[amplitude.x, a], [amplitude.x, b]], view.size);
  drawTag(pen, amplitudeWords(amplitude), amplitude.x * view.size + 4, Math.min(a, b) * view.size - 3, inks, view.size);
}

function drawSpan(pen, data, state, view) {
  const { sheet, inks } = data;
  const [a, b] = [state.span.start_s, state.span.end_s].map((second) => xOf(sheet, second));
  pen.fillStyle = stripes(pen, inks.mark, 0.8);
  let first = null;
  for (const box of sheet.boxes) {
    const [from, to] = [Math.max(a, box.x), Math.min(b, box.end)];
    if (to <= from || (state.span.lead !== null && state.span.lead !== box.lead)) continue;
    first = first || [from, box.top];
    pen.globalAlpha = 0.55;
    pen.fillRect(from * view.size, box.top * view.size, (to - from) * view.size, (box.bottom - box.top) * view.size);
    pen.globalAlpha = 1;
  }
  const seconds = (state.span.end_s - state.span.start_s).toFixed(2);
  const words = `muted ${seconds} s ${state.span.lead === null ? "in all leads" : `of ${state.span.lead}`}`;
  if (first) drawTag(pen, words, first[0] * view.size, (first[1] + 9) * view.size, inks, view.size);
}

function drawCalipers(pen, data, state, view, ratio) {
  pen.setTransform(ratio, 0, 0, ratio, -view.left * ratio, -view.top * ratio);
  if (state.span) drawSpan(pen, data, state, view);
  pen.strokeStyle = data.inks.mark;
  if (state.time) drawTime(pen, data, state, view);
  pen.strokeStyle = data.inks.mark;
  if (state.amplitude) drawAmplitude(pen, data, state, view);
}

// what a drag with a tool begins; it moves the edge that is given back as [caliper, end]
function beginDrag(data, state, samples, point) {
  const { sheet } = data;
  const box = boxAt(sheet, point.x, point.y);
  if (state.tool === "time") {
    const second = edgeSecond(data, state, samples, point);
    state.time = { a: second, b: second, y: within(point.y, 6, sheet.height - 20) };
    return ["time", "b"];
  }
  if (state.tool === "amplitude") {
    const mv = edgeMillivolt(data, state, samples, point, box);
    const label = box.sign < 0 ? `−${box.lead}` : box.lead;
    state.amplitude = { lead: box.lead, label, x: point.x, a: mv, b: mv };
    return ["amplitude", "b"];
  }
  const second = secondOf(sheet, within(point.x, box.x, box.end));
  state.span = { lead: state.every ? null : box.lead, start_s: second, end_s: second, from: second };
  return ["span", "end_s"];
}

function drag(data, state, samples, [caliper, end], point) {
  const { sheet } = data;
  const last = Math.max(...sheet.boxes.map((box) => box.end));
  const held = { ...point, x: within(point.x, sheet.left, last) };
  if (caliper === "time") state.time[end] = edgeSecond(data, state, samples, held);
  else if (caliper === "amplitude") {
    const box = boxOf(sheet, state.amplitude.lead, state.amplitude.x);
    if (box) state.amplitude[end] = edgeMillivolt(data, state, samples, held, box);
  } else {
    const second = secondOf(sheet, held.x);
    state.span.start_s = Math.min(state.span.from, second);
    state.span.end_s = Math.max(state.span.from, second);
  }
}
