// The sheet as a picture to take away, with what stands under it in words.

const PICTURE = 8; // pixels a millimetre

function wrap(pen, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (pen.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function picture(data, state, samples) {
  const { sheet, inks } = data;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { alpha: false });
  const [width, height] = [sheet.width * PICTURE, sheet.height * PICTURE];
  const font = `18px ${FONT}`;
  pen.font = font;
  const lines = wrap(pen, [data.statements[state.layer], data.legend].filter(Boolean).join(" "), width - 80);
  canvas.width = width;
  canvas.height = height + lines.length * 26 + 16;
  const view = { size: PICTURE, left: 0, top: 0, width, height: canvas.height };
  drawSheet(pen, data, samples, view, state.layer, 1);
  drawCalipers(pen, data, state, view, 1);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = inks.ground;
  pen.fillRect(0, height, width, canvas.height - height);
  pen.fillStyle = inks.text;
  pen.font = font;
  pen.textBaseline = "alphabetic";
  lines.forEach((line, place) => pen.fillText(line, 40, height + 24 + place * 26));
  canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "ecg-paper.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}
