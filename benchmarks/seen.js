// Answers done(milliseconds) when `what` is on the screen: since the page was asked for, or since `button` was clicked.
const [what, button, done] = arguments;

// Streamlit keeps components in shadow roots
function everything(root) {
  return [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? everything(node.shadowRoot) : [])]);
}

// a sheet counts as drawn once a thousand of its pixels are dark
function inked(canvas) {
  if (!canvas.width || !canvas.height) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, Math.ceil(canvas.height / 2));
  let dark = 0;
  for (let place = 0; place < data.length; place += 4) {
    dark += data[place + 3] > 0 && data[place] < 60 && data[place + 1] < 60 && data[place + 2] < 60;
  }
  return dark > 1000;
}

const seen = {
  title: () => document.querySelector("h1") !== null,
  paper: () => everything(document).some((node) => node.tagName === "CANVAS" && inked(node)),
  plotly: () => document.querySelectorAll(".scatterlayer .trace path").length >= 12,
};

const start = button ? performance.now() : 0;
if (button) [...document.querySelectorAll("button")].find((node) => node.innerText.trim() === button).click();
(function look() {
  if (seen[what]()) done(performance.now() - start);
  else requestAnimationFrame(look);
})();
