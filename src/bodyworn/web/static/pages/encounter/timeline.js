// The timeline: one time axis for pictures, sound level and all lanes; zoom, scroll, hover, click, select and loop.
import { clock } from "./clock.js";
import { drawAxis, drawLanes, drawOverview, drawPictures, heights, inks } from "./drawing.js";

const SHORTEST = 2000; // ms: the least that the track ever shows

export function timeline(data, film, page) {
  const { track, axis, pictures, lanes, overview } = page;
  const { playhead, hover, selection, tip, scrub } = page;
  const marks = { playhead, hover, selection, tip, scrub };
  const model = {
    data, from: 0, to: Math.max(1, data.duration), peaks: null, sprite: null, shown: () => true, chosen: -1, width: 1,
    inks: inks(data.families), ...heights(track),
  };
  let queued = false;
  let pick = () => undefined;
  let moved = -1e9; // when the person last moved the window: then it stays for a while

  const x = (ms) => ((ms - model.from) / (model.to - model.from)) * model.width;
  const time = (px) => model.from + (px / model.width) * (model.to - model.from);
  const laneTop = () => lanes.offsetTop + model.wave;

  function paint() {
    queued = false;
    drawAxis(axis, model);
    if (pictures) drawPictures(pictures, model);
    drawLanes(lanes, model);
    drawOverview(overview, model);
    place();
  }
  function redraw() { if (!queued) { queued = true; requestAnimationFrame(paint); } }

  function place() {
    marks.playhead.style.transform = `translateX(${x(film.ms)}px)`;
    marks.selection.hidden = !film.loop;
    if (film.loop) span(film.loop);
  }
  function span([from, to]) {
    marks.selection.hidden = false;
    marks.selection.style.transform = `translateX(${x(from)}px)`;
    marks.selection.style.width = `${Math.max(1, x(to) - x(from))}px`;
  }

  function show(from, to) {
    const length = Math.min(data.duration, Math.max(SHORTEST, to - from));
    model.from = Math.min(Math.max(0, from), Math.max(0, data.duration - length));
    model.to = model.from + length;
    redraw();
  }

  const line = {
    zoom(factor, around = Math.min(Math.max(film.ms, model.from), model.to)) {
      const length = (model.to - model.from) / factor;
      const share = (around - model.from) / (model.to - model.from);
      show(around - length * share, around + length * (1 - share));
    },
    fit() { show(0, data.duration); },
    pan(ms) { line.move(model.from + ms, model.to + ms); },
    move(from, to) { moved = performance.now(); show(from, to); },
    bring(ms) {
      const length = model.to - model.from;
      if (ms < model.from || ms > model.to - length * 0.04) show(ms - length * 0.3, ms + length * 0.7);
    },
    setPeaks(peaks) { model.peaks = peaks; redraw(); },
    setSprite(image) { model.sprite = image; redraw(); },
    setShown(test) { model.shown = test; redraw(); },
    setChosen(n) { model.chosen = n; redraw(); },
    onPick(call) { pick = call; },
    get window() { return [model.from, model.to]; },
  };

  film.events.addEventListener("time", () => {
    place();
    const said = `${clock(film.ms)} of ${clock(data.duration)}`;
    if (marks.scrub.getAttribute("aria-valuetext") !== said) {
      marks.scrub.setAttribute("aria-valuetext", said);
      marks.scrub.setAttribute("aria-valuenow", String(Math.round(film.ms / 1000)));
    }
    if (film.playing && !film.loop && performance.now() - moved > 5000) line.bring(film.ms);
  });
  film.events.addEventListener("seek", () => {
    if (film.ms < model.from || film.ms > model.to) line.bring(film.ms);
  });
  film.events.addEventListener("loop", place);
  new ResizeObserver(() => {
    Object.assign(model, heights(track), { width: Math.max(1, track.clientWidth) });
    redraw();
  }).observe(track);
  addEventListener("themechange", () => { model.inks = inks(data.families); redraw(); });

  pointing({ track, marks, film, line, model, x, time, span, findingAt, pick: (n) => pick(n) });
  scrolling({ canvas: overview, model, data, show: line.move });

  // The shown finding under a point of the track, or -1.
  function findingAt(px, py) {
    const lane = Math.floor((py - laneTop()) / model.lane);
    const family = data.families[lane];
    if (py < laneTop() || !family || !lanes.clientHeight) return -1;
    const ms = time(px);
    const slack = (4 / model.width) * (model.to - model.from);
    let best = -1;
    data.findings.forEach((f, n) => {
      const near = ms >= f.start - slack && ms <= Math.max(f.end, f.start + slack) + slack;
      if (near && f.family === family && model.shown(n)) best = n;
    });
    return best;
  }
  return line;
}

function pointing({ track, marks, film, line, model, x, time, span, findingAt, pick }) {
  let start = null;
  const at = (event) => {
    const box = track.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  track.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    track.setPointerCapture(event.pointerId);
    start = { px: at(event)[0], ms: time(at(event)[0]), dragged: false };
  });
  track.addEventListener("pointermove", (event) => {
    const [px, py] = at(event);
    hover(px, py);
    if (!start) return;
    if (Math.abs(px - start.px) > 4) start.dragged = true;
    if (start.dragged) span(sorted(start.ms, time(px)));
  });
  track.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [px, py] = at(event);
    const { dragged, ms } = start;
    start = null;
    if (dragged) { const loop = sorted(ms, time(px)); film.seek(loop[0]); film.setLoop(loop); return; }
    const n = findingAt(px, py);
    if (n >= 0) pick(n); else film.seek(time(px));
  });
  track.addEventListener("pointercancel", () => { start = null; film.events.dispatchEvent(new Event("loop")); });
  track.addEventListener("pointerleave", () => { marks.hover.hidden = true; marks.tip.hidden = true; });
  track.addEventListener("wheel", (event) => wheel(event), { passive: false });

  const sorted = (a, b) => [Math.max(0, Math.min(a, b)), Math.min(film.duration, Math.max(a, b))];

  function wheel(event) {
    const desk = matchMedia("(min-width: 1100px)").matches;
    const along = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!desk && !event.ctrlKey && !along) return; // a page that scrolls keeps its wheel
    event.preventDefault();
    const delta = (event.deltaX || event.deltaY) * (event.deltaMode === 1 ? 16 : 1);
    if (along) line.pan((delta / model.width) * (model.to - model.from));
    else line.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 16 : 1) * 0.0018), time(at(event)[0]));
  }

  function hover(px, py) {
    marks.hover.hidden = false;
    marks.hover.style.transform = `translateX(${px}px)`;
    const ms = time(px);
    const lines = [["", clock(ms, true)]];
    const n = findingAt(px, py);
    if (n >= 0) {
      const { score, kind, role } = model.data.findings[n];
      lines.push([kind, `${role ? `${role}, ` : ""}score ${score.toFixed(2)}`]);
    }
    for (const span of model.data.unknown) {
      if (span.start <= ms && ms < span.end) lines.push([span.unheard ? "Not heard" : "Not seen", span.words]);
    }
    marks.tip.replaceChildren(...lines.map(([head, rest]) => {
      const row = document.createElement("p");
      const strong = document.createElement("b");
      strong.textContent = head || rest;
      row.append(strong);
      if (head) row.append(rest);
      return row;
    }));
    marks.tip.hidden = false;
    const width = marks.tip.offsetWidth;
    marks.tip.style.transform = `translateX(${px + 14 + width > model.width ? px - 14 - width : px + 14}px)`;
  }
}

// The strip at the bottom is the whole recording; its window is dragged.
function scrolling({ canvas, model, data, show }) {
  let grip = null;
  const ms = (event) => ((event.clientX - canvas.getBoundingClientRect().left) / canvas.clientWidth) * data.duration;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    const length = model.to - model.from;
    const inside = ms(event) >= model.from && ms(event) <= model.to;
    grip = inside ? ms(event) - model.from : length / 2;
    if (!inside) show(ms(event) - grip, ms(event) - grip + length);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (grip !== null) show(ms(event) - grip, ms(event) - grip + (model.to - model.from));
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { grip = null; });
}
