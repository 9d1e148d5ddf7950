// Findings: filter by family and score, walk through them, keep cards and lanes in step with the film.
import { clock } from "./clock.js";

export function findings(data, film, line, page, say) {
  const list = page.cards;
  const rows = list ? [...list.children] : [];
  const chips = [...document.querySelectorAll(".chip")];
  const slider = page.threshold;
  const off = new Set();
  let chosen = -1;
  let current = [];
  let touched = -1e9; // when the person last scrolled the cards: then they stay where they are for a while

  const shown = (n) => !off.has(data.findings[n].family) && data.findings[n].score >= Number(slider.value) - 1e-9;

  function filter() {
    let count = 0;
    rows.forEach((row, n) => { row.hidden = !shown(n); count += row.hidden ? 0 : 1; });
    page.thresholdValue.textContent = Number(slider.value).toFixed(2);
    page.shownCount.textContent = count === rows.length ? `${count}` : `${count} of ${rows.length}`;
    const none = page.noneShown;
    if (none) { none.hidden = count > 0; list.hidden = count === 0; }
    for (const lane of document.querySelectorAll(".lanes [data-lane]")) {
      lane.classList.toggle("off", off.has(lane.dataset.lane));
    }
    line.setShown(shown);
  }

  function choose(n, { seek = true } = {}) {
    rows[chosen]?.classList.remove("chosen");
    rows[chosen]?.removeAttribute("aria-current");
    chosen = n;
    const row = rows[n];
    if (!row) return;
    row.classList.add("chosen");
    row.setAttribute("aria-current", "true");
    bring(row);
    line.setChosen(n);
    const { start, score, kind, role } = data.findings[n];
    if (seek) { film.seek(start); line.bring(start); }
    const quote = row.querySelector("blockquote")?.textContent ?? "";
    say(`${kind}${role ? `, ${role}` : ""}, ${clock(start)}, score ${score.toFixed(2)}: ${quote}`);
  }

  // Cards far off have only an estimated height until they are near, so the place is set again once they are drawn.
  function bring(row) {
    place(row);
    requestAnimationFrame(() => requestAnimationFrame(() => place(row)));
  }

  function place(row) {
    const above = row.offsetTop - 8;
    const below = row.offsetTop + row.offsetHeight + 8 - list.clientHeight;
    if (list.scrollTop > above) list.scrollTop = above;
    else if (list.scrollTop < below) list.scrollTop = below;
  }

  // The next (+1) or previous (-1) shown finding; of one family where given. From the chosen one while the film
  // still stands on it, else from where the film is.
  function jump(step, family = null) {
    if (family === "unknown") return jumpUnknown(step);
    const all = data.findings;
    const fits = all.map((_, n) => n).filter((n) => shown(n) && (!family || all[n].family === family));
    if (!fits.length) return say("No finding to go to");
    const stands = chosen >= 0 && Math.abs(film.ms - all[chosen].start) < 250;
    const next = stands
      ? (step > 0 ? fits.find((n) => n > chosen) : fits.findLast((n) => n < chosen))
      : (step > 0 ? fits.find((n) => all[n].start > film.ms) : fits.findLast((n) => all[n].start < film.ms - 250));
    if (next === undefined) return say(step > 0 ? "That was the last finding" : "That was the first finding");
    return choose(next);
  }

  function jumpUnknown(step) {
    const spans = data.unknown;
    const next = step > 0
      ? spans.find((span) => span.start > film.ms + 1)
      : spans.findLast((span) => span.start < film.ms - 250);
    if (!next) return say("No further span that could not be judged");
    film.seek(next.start);
    line.bring(next.start);
    return say(`Not judged: ${next.words}, ${clock(next.start)} to ${clock(next.end)}`);
  }

  film.events.addEventListener("time", () => {
    const ms = film.ms;
    const live = [];
    for (const [n, finding] of data.findings.entries()) {
      if (finding.start > ms) break;
      if (ms < finding.end && finding.family !== "derived") live.push(n);
    }
    if (live.length === current.length && live.every((n, i) => n === current[i])) return;
    for (const n of current) rows[n]?.classList.remove("now");
    for (const n of live) rows[n]?.classList.add("now");
    current = live;
    const first = live.find((n) => shown(n));
    if (first !== undefined && performance.now() - touched > 6000) bring(rows[first]);
  });
  for (const kind of ["wheel", "touchmove", "keydown"]) {
    list?.addEventListener(kind, () => { touched = performance.now(); }, { passive: true });
  }

  list?.addEventListener("click", (event) => {
    const row = event.target.closest(".card");
    if (row && !getSelection().toString()) choose(Number(row.dataset.n));
  });
  list?.addEventListener("keydown", (event) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (way) { event.preventDefault(); jump(way); }
  });
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      const family = chip.dataset.family;
      if (off.has(family)) off.delete(family); else off.add(family);
      chip.setAttribute("aria-pressed", String(!off.has(family)));
      filter();
    });
  }
  slider.addEventListener("input", filter);
  page.showAll?.addEventListener("click", () => {
    off.clear();
    slider.value = "0";
    for (const chip of chips) chip.setAttribute("aria-pressed", "true");
    filter();
  });
  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", () => jump(Number(button.dataset.jump)));
  }
  line.onPick((n) => choose(n));
  filter();
  return {
    jump,
    choose,
    loopChosen() {
      const span = chosen >= 0 ? data.findings[chosen] : null;
      if (!span) return;
      const from = Math.max(0, span.start - 300);
      film.setLoop([from, span.end + 300]);
      film.seek(from);
      film.media.play().catch(() => undefined);
    },
  };
}
