// Builds the table of findings. Texts go in by textContent, numbers as widths: nothing is ever parsed as HTML.

const FIRST = 8; // classes shown before somebody asks for all

function element(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

const percent = (share) => `${(100 * share).toFixed(2)}%`;

function bar(row) {
  const track = element("span", "track");
  track.setAttribute("aria-hidden", "true");
  const fill = element("span", "fill");
  fill.style.width = percent(row.probability);
  const range = element("span", "range");
  range.style.left = percent(row.low);
  range.style.width = percent(row.high - row.low);
  const threshold = element("span", "threshold");
  threshold.style.left = percent(row.threshold);
  track.append(fill, range, threshold);
  return track;
}

function line(row) {
  const made = element("tr", row.positive ? "positive" : "");
  made.dataset.code = row.code;
  made.dataset.probability = row.exact;
  const name = element("th", "name");
  name.scope = "row";
  name.append(element("span", "", row.name), element("small", "code", row.code));
  const output = element("td", "output");
  output.dataset.label = "Probability";
  const number = element("span", "number", row.probability.toFixed(3));
  number.title = row.exact;
  output.append(number, bar(row));
  const cell = (kind, label, text) => {
    const made = element("td", kind, text);
    made.dataset.label = label;
    return made;
  };
  made.append(
    name,
    output,
    cell("digits", "Threshold", `${row.positive ? "≥" : "<"} ${row.threshold.toFixed(3)}`),
    cell("digits", "Windows", `${row.low.toFixed(2)} – ${row.high.toFixed(2)}`),
    cell("mark", "Set", row.in_set ? "in" : "out"),
    cell(row.few ? "digits few" : "digits", "Training", row.few ? `${row.support} (few)` : String(row.support)),
  );
  return made;
}

export default function (component) {
  const { data, parentElement } = component;
  const body = parentElement.querySelector("tbody");
  const button = parentElement.querySelector("button");
  const more = data.rows.filter((row, place) => place >= FIRST && !row.positive).length;
  body.replaceChildren(...data.rows.map(line));
  const all = body.querySelectorAll("tr");
  const show = (whole) => {
    all.forEach((row, place) => {
      row.hidden = !whole && place >= FIRST && !data.rows[place].positive;
    });
    button.textContent = whole ? "Show the first only" : `Show all ${data.rows.length} classes`;
    button.setAttribute("aria-expanded", String(whole));
  };
  button.hidden = more === 0;
  button.onclick = () => show(button.getAttribute("aria-expanded") !== "true");
  show(button.getAttribute("aria-expanded") === "true");
  parentElement.querySelector("caption").textContent = data.caption;
}
