// Findings: filter by family and score, walk through them, keep cards and lanes in step with the film.
// A card is one sentence with all that was proposed for it; walking goes from card to card.
import { clock } from "./clock.js";
import { filters } from "./filters.js";
import { why } from "./why.js";

export function findings(data, film, line, page, say) {
  const all = data.findings;
  const list = page.cards;
  const cards = list ? [...list.querySelectorAll(".card")] : [];
  const within = cards.map(() => []); // the findings of each card
  all.forEach(({ card }, n) => within[card]?.push(n));
  const kinds = new Map([...(list?.querySelectorAll("[data-n]") ?? [])].map((row) => [Number(row.dataset.n), row]));
  const starts = cards.map((card) => Number(card.dataset.start));
  let chosen = -1;
  let stood = -1; // where the film was sent when it was chosen
  let current = [];
  let touched = -1e9; // when the person last scrolled the cards: then they stay where they are for a while

  const filter = filters(data, page, { cards, within, kinds, line });
  const { shown } = filter;
  why(data, list, within);

  function choose(n, to = all[n]?.start) {
    cards[all[chosen]?.card]?.classList.remove("chosen");
    kinds.get(chosen)?.removeAttribute("aria-current");
    const before = list?.querySelector(".why summary[tabindex='0']");
    if (before) before.tabIndex = -1;
    chosen = n;
    const card = cards[all[n]?.card];
    if (!card) return;
    card.classList.add("chosen");
    kinds.get(n)?.setAttribute("aria-current", "true");
    card.querySelector(".why summary").tabIndex = 0; // of the chosen card only: hundreds would be in the way
    bring(card);
    line.setChosen(n);
    const { start, score, kind, role } = all[n];
    stood = to ?? film.ms;
    if (to !== null) film.seek(to);
    const quote = card.querySelector("blockquote")?.textContent ?? "";
    say(`${kind}${role ? `, ${role}` : ""}, ${clock(start)}, score ${score.toFixed(2)}: ${quote}`);
  }

  // Cards far off have only an estimated height until they are near, so the place is set again once they are drawn.
  function bring(card) {
    place(card);
    requestAnimationFrame(() => requestAnimationFrame(() => place(card)));
  }

  function place(card) {
    const above = card.offsetTop - 8;
    const below = Math.min(above, card.offsetTop + card.offsetHeight + 8 - list.clientHeight); // a tall one: its top
    if (list.scrollTop > above) list.scrollTop = above;
    else if (list.scrollTop < below) list.scrollTop = below;
  }

  // The next (+1) or previous (-1) card with a shown finding; of one family where given. From the chosen card while
  // the film still stands on it, else from where the film is.
  function jump(step, family = null) {
    if (family === "unknown") return jumpUnknown(step);
    const fits = (n) => shown(n) && (!family || all[n].family === family);
    const open = cards.map((_, card) => card).filter((card) => within[card].some(fits));
    if (!open.length) return say("No finding to go to");
    const from = chosen >= 0 && Math.abs(film.ms - stood) < 250 ? all[chosen].card : null;
    const before = (card) => (from === null ? starts[card] < film.ms - 250 : card < from);
    const after = (card) => (from === null ? starts[card] > film.ms : card > from);
    const next = step > 0 ? open.find(after) : open.findLast(before);
    if (next === undefined) return say(step > 0 ? "That was the last finding" : "That was the first finding");
    return choose(within[next].find(fits), starts[next]);
  }

  function jumpUnknown(step) {
    const spans = data.unknown;
    const next = step > 0
      ? spans.find((span) => span.start > film.ms + 1)
      : spans.findLast((span) => span.start < film.ms - 250);
    if (!next) return say("No further span that could not be judged");
    film.seek(next.start);
    return say(`Not judged: ${next.words}, ${clock(next.start)} to ${clock(next.end)}`);
  }

  // The card of what is said at that time, chosen without moving the film: for those who came there another way.
  function show(ms) {
    const fits = all.flatMap((one, n) => (one.start <= ms && ms < one.end && shown(n) ? [n] : []));
    const spoken = fits.filter((n) => all[n].family !== "derived");
    const from = spoken.length ? spoken : fits;
    if (from.length) choose(from.reduce((best, n) => (all[n].start > all[best].start ? n : best)), null);
  }

  film.events.addEventListener("time", () => {
    const ms = film.ms;
    const live = [];
    for (const [n, finding] of all.entries()) {
      if (finding.start > ms) break;
      if (ms < finding.end && finding.family !== "derived") live.push(n);
    }
    if (live.length === current.length && live.every((n, i) => n === current[i])) return;
    for (const n of current) cards[all[n].card]?.classList.remove("now");
    for (const n of live) cards[all[n].card]?.classList.add("now");
    current = live;
    const first = live.find((n) => shown(n));
    if (first !== undefined && performance.now() - touched > 6000) bring(cards[all[first].card]);
  });
  for (const kind of ["wheel", "touchmove", "keydown"]) {
    list?.addEventListener(kind, () => { touched = performance.now(); }, { passive: true });
  }

  list?.addEventListener("click", (event) => {
    const card = event.target.closest(".card");
    if (!card || event.target.closest(".why") || getSelection().toString()) return;
    const kind = event.target.closest("[data-n]");
    if (kind) choose(Number(kind.dataset.n));
    else choose(within[Number(card.dataset.card)].find(shown), Number(card.dataset.start));
  });
  list?.addEventListener("keydown", (event) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (way) { event.preventDefault(); jump(way); }
  });
  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", () => jump(Number(button.dataset.jump)));
  }
  line.onPick((n) => choose(n));
  return {
    jump,
    choose: (n) => choose(n),
    show,
    filter,
    why() {
      const details = cards[all[chosen]?.card]?.querySelector(".why");
      if (details) { details.open = !details.open; bring(cards[all[chosen].card]); }
    },
    loopChosen() {
      const span = chosen >= 0 ? all[chosen] : null;
      if (!span) return;
      const from = Math.max(0, span.start - 300);
      film.setLoop([from, span.end + 300]);
      film.seek(from);
      film.media.play().catch(() => undefined);
    },
  };
}
