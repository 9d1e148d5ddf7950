// Drawing of the timeline. Everything is drawn for the visible span only, so that long recordings stay smooth.
import { clock } from "./clock.js";

const STEPS = [ // ms between two marks of the axis
  100, 200, 500, 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000, 1200000, 1800000, 3600000,
];

// Heights of a lane and of the sound level in px, as the style sheet has them.
export function heights(track) {
  const style = getComputedStyle(track);
  const read = (name) => Number.parseFloat(style.getPropertyValue(name));
  return { lane: read("--lane"), wave: read("--wave") };
}

// Colors of the current theme, resolved: custom properties hold light-dark() pairs.
export function inks(families) {
  const probe = document.createElement("span");
  document.body.append(probe);
  const read = (name) => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
  const names = ["ink", "dim", "line", "edge", "accent", "hatch", "panel", "sunk"];
  names.push(...families.map((family) => `fam-${family}`));
  const found = Object.fromEntries(names.map((name) => [name, read(name)]));
  found.font = getComputedStyle(document.body).fontFamily;
  probe.remove();
  return found;
}

function prepared(canvas) {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

const scale = (model, width) => (ms) => ((ms - model.from) / (model.to - model.from)) * width;
const step = (model, width, least) => STEPS.find((s) => (s / (model.to - model.from)) * width >= least) ?? STEPS.at(-1);

export function drawAxis(canvas, model) {
  const { pen, width, height } = prepared(canvas);
  const x = scale(model, width);
  const every = step(model, width, 74);
  pen.font = `11px ${model.inks.font}`;
  pen.textBaseline = "middle";
  for (let ms = Math.floor(model.from / every) * every; ms <= model.to; ms += every) {
    const at = Math.round(x(ms)) + 0.5;
    pen.fillStyle = model.inks.edge;
    pen.fillRect(at - 0.5, height - 7, 1, 7);
    pen.fillStyle = model.inks.dim;
    pen.fillText(clock(ms, every < 1000), at + 4, height / 2);
  }
}

export function drawPictures(canvas, model) {
  const { pen, width, height } = prepared(canvas);
  pen.fillStyle = model.inks.line;
  pen.fillRect(0, 0, width, 1);
  const tiles = model.data.tiles;
  if (!model.sprite || !tiles) return;
  const shown = Math.round(((height - 3) * tiles.width) / tiles.height);
  const time = (px) => model.from + (px / width) * (model.to - model.from);
  const first = -((scale(model, width)(0) * -1) % shown);
  const end = Math.min(width, scale(model, width)(model.data.duration));
  pen.save();
  pen.beginPath();
  pen.rect(0, 0, end, height);
  pen.clip();
  for (let left = Math.min(0, first); left < end; left += shown) {
    const middle = Math.min(time(left + shown / 2), model.data.duration);
    if (middle < 0) continue;
    const n = Math.min(tiles.count - 1, Math.max(0, Math.round(middle / tiles.step_ms)));
    const sx = (n % tiles.columns) * tiles.width;
    const sy = Math.floor(n / tiles.columns) * tiles.height;
    pen.drawImage(model.sprite, sx, sy, tiles.width, tiles.height, left, 2, shown - 1, height - 3);
  }
  pen.restore();
}

export function drawLanes(canvas, model) {
  if (!canvas.clientHeight) return; // the wide player shows no lanes
  const { pen, width, height } = prepared(canvas);
  const x = scale(model, width);
  const { data, inks: ink, lane: tall, wave } = model;
  pen.fillStyle = ink.line;
  pen.fillRect(0, 0, width, 1);
  drawWave(pen, model, width);
  for (let lane = 0; lane <= data.families.length; lane += 1) {
    pen.fillStyle = ink.line;
    pen.fillRect(0, wave + lane * tall, width, 1);
  }
  drawUnknown(pen, model, x, width, height);
  data.findings.forEach((finding, n) => {
    const { start, end, family, score } = finding;
    if (end < model.from || start > model.to || !model.shown(n)) return;
    drawFinding(pen, {
      left: x(start), right: x(end), top: wave + data.families.indexOf(family) * tall + 4, tall: tall - 7, score,
      ink: ink[`fam-${family}`], ground: ink.panel, ring: n === model.chosen ? ink.ink : null,
    });
  });
}

function drawFinding(pen, { left, right, top, tall, ink, ground, ring, score }) {
  const wide = Math.max(4, right - left);
  pen.fillStyle = ground; // an edge around each, so that those that overlap can be told apart
  pen.fillRect(left - 1, top - 1, 1, tall + 2);
  pen.globalAlpha = 0.32;
  pen.fillStyle = ink;
  pen.beginPath();
  pen.roundRect(left, top, wide, tall, 2.5);
  pen.fill();
  pen.globalAlpha = 1;
  const full = Math.max(2, tall * score);
  pen.beginPath();
  pen.roundRect(left, top + tall - full, wide, full, full > 5 ? 2.5 : 1);
  pen.fill();
  pen.fillRect(left, top, 1.5, tall);
  if (ring) {
    pen.strokeStyle = ring;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.roundRect(left - 2, top - 2, wide + 4, tall + 4, 4);
    pen.stroke();
  }
}

function drawWave(pen, model, width) {
  const { peaks, data, inks: ink, wave } = model;
  const middle = wave / 2;
  pen.fillStyle = ink.edge;
  pen.globalAlpha = 0.5;
  pen.fillRect(0, middle - 0.5, width, 1);
  pen.globalAlpha = 1;
  if (!peaks) return;
  const per = (model.to - model.from) / width / data.peaksStep;
  pen.fillStyle = ink.edge;
  pen.beginPath();
  for (let px = 0; px < width; px += 1) {
    const from = Math.floor(model.from / data.peaksStep + px * per);
    const to = Math.max(from + 1, Math.floor(model.from / data.peaksStep + (px + 1) * per));
    let low = 0;
    let high = 0;
    for (let n = Math.max(0, from); n < to && n * 2 + 1 < peaks.length; n += 1) {
      if (peaks[2 * n] < low) low = peaks[2 * n];
      if (peaks[2 * n + 1] > high) high = peaks[2 * n + 1];
    }
    const up = loud(high) * (middle - 3);
    const down = loud(-low) * (middle - 3);
    if (up + down > 0.4) pen.rect(px, middle - up, 1, up + down);
  }
  pen.fill();
}

// Square root, so that far voices beside a near one can still be seen.
const loud = (value) => Math.sqrt(Math.min(1, Math.max(0, value) / 127));

function drawUnknown(pen, model, x, width, height) {
  const { data, inks: ink, lane, wave } = model;
  const top = wave + data.families.length * lane;
  for (const { start, end, words } of data.unknown) {
    if (end < model.from || start > model.to) continue;
    const left = Math.max(-2, x(start));
    const wide = Math.max(3, Math.min(width + 2, x(end)) - left);
    hatch(pen, left, 0, wide, height, ink, 0.1, false);
    pen.fillStyle = ink.sunk;
    pen.fillRect(left, top + 2, wide, lane - 3);
    hatch(pen, left, top + 2, wide, lane - 3, ink, 1, true);
    pen.font = `11px ${ink.font}`;
    pen.textBaseline = "middle";
    const room = pen.measureText(words).width + 10;
    if (room + 8 < wide) {
      pen.fillStyle = ink.panel;
      pen.fillRect(left + 6, top + 4, room, lane - 7);
      pen.fillStyle = ink.ink;
      pen.fillText(words, left + 11, top + lane / 2 + 1);
    }
  }
}

function hatch(pen, left, top, wide, tall, ink, alpha, border) {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, wide, tall);
  pen.clip();
  pen.globalAlpha = alpha;
  pen.strokeStyle = ink.hatch;
  pen.lineWidth = border ? 1.4 : 1;
  pen.beginPath();
  for (let at = Math.floor((left - tall) / 7) * 7; at < left + wide; at += 7) {
    pen.moveTo(at, top + tall);
    pen.lineTo(at + tall, top);
  }
  pen.stroke();
  if (border) pen.strokeRect(left + 0.5, top + 0.5, wide - 1, tall - 1);
  pen.restore();
}

export function drawOverview(canvas, model) {
  const { pen, width, height } = prepared(canvas);
  const { data, inks: ink } = model;
  const x = (ms) => (ms / Math.max(1, data.duration)) * width;
  pen.fillStyle = ink.sunk;
  pen.fillRect(0, 0, width, height);
  for (const { start, end } of data.unknown) {
    hatch(pen, x(start), 0, Math.max(1, x(end) - x(start)), height, ink, 0.55, false);
  }
  data.findings.forEach((f, n) => {
    if (!model.shown(n) || f.family === "derived") return;
    pen.fillStyle = ink[`fam-${f.family}`];
    pen.fillRect(x(f.start), 4, Math.max(1.5, x(f.end) - x(f.start)), height - 8);
  });
  if (model.from > 0 || model.to < data.duration) {
    pen.strokeStyle = ink.accent;
    pen.lineWidth = 2;
    pen.strokeRect(x(model.from) + 1, 1, Math.max(4, x(model.to) - x(model.from)) - 2, height - 2);
  }
}
