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

function line(row, chosen, choose) {
  const made = element("tr", row.status.replace(" ", "-"));
  made.dataset.code = row.code;
  made.dataset.probability = row.exact;
  const cell = (kind, label, text) => {
    const made = element("td", kind, text);
    made.dataset.label = label;
    return made;
  };
  const name = element("th", "name");
  name.scope = "row";
  const pick = element("button", "pick");
  pick.type = "button";
  pick.setAttribute("aria-pressed", String(row.code === chosen));
  pick.title = "Show what this output leaned on";
  pick.append(element("span", "", row.name), element("small", "code", row.code));
  pick.onclick = () => choose(row.code);
  name.append(pick);
  const output = cell("output", "Probability");
  if (row.status === "not assessed") {
    output.append(element("span", "reason", row.reason));
  } else {
    const number = element("span", "number", row.probability.toFixed(3));
    number.title = row.exact;
    output.append(number, bar(row));
    if (row.reason) output.append(element("small", "reason", row.reason));
  }
  const said = (text) => (row.status === "not assessed" ? "–" : text);
  made.append(
    name,
    cell("status", "Output", row.word),
    output,
    cell("digits", "Threshold", said(`${row.positive ? "≥" : "<"} ${row.threshold.toFixed(3)}`)),
    cell("digits", "Windows", said(`${row.low.toFixed(2)} – ${row.high.toFixed(2)}`)),
    cell("digits", "Held-out", said(row.held)),
    cell("mark", "Set", said(row.in_set ? "in" : "out")),
    cell(row.few ? "digits few" : "digits", "Training", row.few ? `${row.support} (few)` : String(row.support)),
  );
  return made;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const body = parentElement.querySelector("tbody");
  const button = parentElement.querySelector("button.more");
  const stays = (row, place) => place < FIRST || row.status === "positive" || row.code === data.chosen;
  const more = data.rows.filter((row, place) => !stays(row, place)).length;
  const focused = body.contains(parentElement.getRootNode().activeElement);
  body.replaceChildren(...data.rows.map((row) => line(row, data.chosen, (code) => setTriggerValue("chosen", code))));
  if (focused) body.querySelector('[aria-pressed="true"]')?.focus();
  const all = body.querySelectorAll("tr");
  const show = (whole) => {
    all.forEach((row, place) => {
      row.hidden = !whole && !stays(data.rows[place], place);
    });
    button.textContent = whole ? "Show the first only" : `Show all ${data.rows.length} classes`;
    button.setAttribute("aria-expanded", String(whole));
  };
  button.hidden = more === 0;
  button.onclick = () => show(button.getAttribute("aria-expanded") !== "true");
  show(button.getAttribute("aria-expanded") === "true");
  parentElement.querySelector("caption").textContent = data.caption;
}
