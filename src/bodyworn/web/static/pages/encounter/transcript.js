// The transcript: follows the film, marks the word being said, seeks on click, searches.
// Words are marked with the CSS Custom Highlight API, so that the text itself stays as the server wrote it.
import { lastBefore } from "./clock.js";

const marks = globalThis.CSS && CSS.highlights ? CSS.highlights : null;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export function transcript(data, film, page, showFinding) {
  const list = page.lines;
  if (!list) return { focusSearch() {}, clear() {} };
  const rows = new Map([...list.querySelectorAll(".line")].map((row) => [Number(row.dataset.i), row]));
  const order = data.utterances.filter((said) => rows.has(said.i)).sort((a, b) => a.start - b.start);
  const followButton = page.follow;
  let current = null;
  let following = true;

  film.events.addEventListener("time", () => follow(film.ms));
  list.addEventListener("click", (event) => seekFrom(event));
  for (const kind of ["wheel", "touchmove", "pointerdown"]) {
    list.addEventListener(kind, (event) => loosen(event), { passive: true });
  }
  list.addEventListener("keydown", (event) => {
    if (/^(Page|Home|End)/.test(event.key)) loosen();
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (way) { event.preventDefault(); go(way); }
  });
  followButton.addEventListener("click", () => { setFollowing(true); if (current) bring(current); });

  // The line after (+1) or before (-1) the current one.
  function go(way) {
    const at = lastBefore(order, film.ms);
    const next = order[Math.min(order.length - 1, Math.max(0, at + way))];
    if (next) { setFollowing(true); film.seek(next.start); }
  }

  function setFollowing(on) { following = on; followButton.hidden = on; }
  function loosen(event) { if (!event || event.type !== "pointerdown") setFollowing(false); }

  function follow(ms) {
    const at = lastBefore(order, ms);
    const said = at >= 0 ? order[at] : null;
    const row = said && ms < said.end + 400 ? rows.get(said.i) : null;
    if (row !== current) {
      current?.classList.remove("now");
      current?.removeAttribute("aria-current");
      current = row;
      if (row) {
        row.classList.add("now");
        row.setAttribute("aria-current", "true");
        if (following) bring(row);
      }
    }
    markWord(row, said, ms);
  }

  function bring(row) {
    const top = row.offsetTop - list.clientHeight * 0.38;
    list.scrollTo({ top, behavior: calm.matches || Math.abs(top - list.scrollTop) > 900 ? "instant" : "smooth" });
  }

  function markWord(row, said, ms) {
    if (!marks) return;
    const range = row && said ? wordRange(row, said.words, ms) : null;
    if (range) marks.set("word", new Highlight(range));
    else marks.delete("word");
  }

  function wordRange(row, words, ms) {
    let characters = 0;
    for (const { start, end, size } of words) {
      if (ms >= start && ms < Math.max(end, start + 80)) {
        return rangeAt(row.querySelector(".said"), characters, characters + size);
      }
      if (ms < start) return null;
      characters += size + 1;
    }
    return null;
  }

  function seekFrom(event) {
    const row = event.target.closest("li");
    if (!row || getSelection().toString()) return;
    setFollowing(true);
    film.seek(wordAt(row, event) ?? Number(row.dataset.start));
    showFinding(film.ms);
  }

  function wordAt(row, event) {
    const said = row.querySelector(".said");
    if (!said || !said.contains(event.target) || !document.caretPositionFromPoint) return null;
    const place = document.caretPositionFromPoint(event.clientX, event.clientY);
    if (!place || !said.contains(place.offsetNode)) return null;
    const before = document.createRange();
    before.setStart(said, 0);
    before.setEnd(place.offsetNode, place.offset);
    let left = before.toString().length;
    const words = data.utterances.find((one) => one.i === Number(row.dataset.i))?.words ?? [];
    for (const { start, size } of words) {
      if (left <= size) return start;
      left -= size + 1;
    }
    return null;
  }

  return { ...search(page, rows, film, setFollowing, bring) };
}

// Range over the characters [from, to) of an element's text.
function rangeAt(element, from, to) {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let at = 0;
  let open = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const end = at + node.data.length;
    if (!open && from < end) { range.setStart(node, from - at); open = true; }
    if (open && to <= end) { range.setEnd(node, to - at); return range; }
    at = end;
  }
  return null;
}

function search(page, rows, film, setFollowing, bring) {
  const input = page.search;
  const told = page.hits;
  let texts = null; // read when first searched
  let hits = [];
  let at = -1;

  function find() {
    const wanted = input.value.trim().toLocaleLowerCase();
    hits = [];
    at = -1;
    texts ??= [...rows.values()].map((row) => {
      const said = row.querySelector(".said");
      return { row, said, text: said.textContent.toLocaleLowerCase() };
    });
    if (wanted.length > 1) {
      for (const { row, said, text } of texts) {
        for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + wanted.length)) {
          hits.push({ row, range: rangeAt(said, from, from + wanted.length) });
        }
      }
    }
    mark();
    told.hidden = wanted.length < 2;
    told.textContent = hits.length ? `${hits.length} found` : "not found";
  }

  function mark() {
    if (!marks) return;
    if (hits.length) marks.set("hit", new Highlight(...hits.map((hit) => hit.range).filter(Boolean)));
    else marks.delete("hit");
    marks.delete("hit-now");
  }

  function go(step) {
    if (!hits.length) return;
    at = (at + step + hits.length) % hits.length;
    const { row, range } = hits[at];
    if (marks && range) marks.set("hit-now", new Highlight(range));
    told.textContent = `${at + 1} of ${hits.length}`;
    setFollowing(true);
    film.seek(Number(row.dataset.start));
    bring(row);
  }

  input.addEventListener("input", find);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); go(event.shiftKey ? -1 : 1); }
    if (event.key === "Escape") { input.value = ""; find(); input.blur(); event.stopPropagation(); }
  });
  return { focusSearch() { input.focus(); input.select(); } };
}
