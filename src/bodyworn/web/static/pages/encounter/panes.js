// The width of player, transcript and findings: the bars between them are dragged, or moved with the arrow keys.
// Widths are shares, so that they fit any window; they are kept in this browser.
const LEAST = 220; // px: a column is not made narrower
const STEP = 24;

export function panes(page) {
  const desk = page.workbench;
  const bars = [...desk.querySelectorAll(".bar-between")];
  const columns = () => ["stage", "transcript", "findings"].map((name) => desk.querySelector(`.${name}`));
  const widths = () => columns().map((column) => column.getBoundingClientRect().width);

  function set(shares, { keep = true } = {}) {
    shares.forEach((share, n) => desk.style.setProperty(`--pane-${n}`, `${share}fr`));
    tell();
    try { if (keep) localStorage.setItem("panes", JSON.stringify(shares)); } catch { /* private window: not kept */ }
  }

  function reset() {
    for (const n of [0, 1, 2]) desk.style.removeProperty(`--pane-${n}`);
    try { localStorage.removeItem("panes"); } catch { /* private window */ }
    tell();
  }

  // How much of the window stands before each bar, in percent, for screen readers.
  function tell() {
    const all = widths();
    const sum = all.reduce((total, one) => total + one, 0) || 1;
    bars.forEach((bar, n) => {
      const before = all.slice(0, n + 1).reduce((total, one) => total + one, 0);
      bar.setAttribute("aria-valuenow", String(Math.round((100 * before) / sum)));
    });
  }

  function move(n, by, from = widths()) {
    const most = from[n + 1] - LEAST;
    const step = Math.max(LEAST - from[n], Math.min(most, by));
    const next = [...from];
    next[n] += step;
    next[n + 1] -= step;
    set(next.map((width) => Math.round(width)));
  }

  bars.forEach((bar, n) => {
    let grip = null;
    bar.addEventListener("pointerdown", (event) => {
      bar.setPointerCapture(event.pointerId);
      grip = { x: event.clientX, from: widths() };
    });
    bar.addEventListener("pointermove", (event) => { if (grip) move(n, event.clientX - grip.x, grip.from); });
    for (const end of ["pointerup", "pointercancel"]) bar.addEventListener(end, () => { grip = null; });
    bar.addEventListener("dblclick", reset);
    bar.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation(); // elsewhere the arrows move the film
      move(n, way * STEP);
    });
  });
  try {
    const kept = JSON.parse(localStorage.getItem("panes"));
    if (kept?.length === 3 && kept.every((share) => share > 0)) set(kept, { keep: false });
  } catch { /* private window, or not ours */ }
  tell();
}
