// Place and filters in the address after the "#", so that a link leads to a moment and loading again loses nothing:
//   #t=80.5&off=sound,sight&score=0.5
// What stands there never reaches the server.
import { clock } from "./clock.js";

const WAIT = 400; // ms without a further change before the address is written: browsers limit how often

// Seconds as "80", "80.5", "1:20" or "1:02:03"; null where it is none of these.
export function parsed(text) {
  if (!/^(\d+:)?(\d+:)?\d+(\.\d+)?s?$/.test(text ?? "")) return null;
  return 1000 * text.replace("s", "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

export function written({ ms, off, score }) {
  const parts = [];
  if (ms >= 50) parts.push(`t=${Number((ms / 1000).toFixed(3))}`); // exact, so that it leads to the same card
  if (off.length) parts.push(`off=${off.join(",")}`);
  if (score > 0) parts.push(`score=${score}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

export function address(film, found, page, say) {
  let waiting = 0;
  const now = () => written({ ms: film.ms, off: found.filter.off, score: found.filter.score });

  function read() {
    const told = new URLSearchParams(location.hash.slice(1));
    const ms = parsed(told.get("t"));
    if (told.has("off") || told.has("score")) {
      found.filter.set({ families: (told.get("off") ?? "").split(","), score: Number(told.get("score")) || 0 });
    }
    if (ms !== null) { film.seek(ms); found.show(film.ms); }
  }

  function write() {
    clearTimeout(waiting);
    waiting = 0;
    const here = `${location.pathname}${location.search}${now()}`;
    try { history.replaceState(history.state, "", here); } catch { /* too often: the next change writes it */ }
  }
  function later() {
    if (film.playing) return;
    clearTimeout(waiting);
    waiting = setTimeout(write, WAIT);
  }

  async function copy() {
    write();
    const link = `${location.origin}${location.pathname}${now()}`;
    try {
      await navigator.clipboard.writeText(link);
      page.copyLink.classList.add("done");
      setTimeout(() => page.copyLink.classList.remove("done"), 1500);
      say(`Link to ${clock(film.ms)} copied`);
    } catch {
      say("The browser does not let this page copy; the link stands in the address bar");
    }
  }

  read();
  addEventListener("hashchange", read);
  film.events.addEventListener("time", later);
  film.media.addEventListener("pause", later);
  found.filter.onChange(write);
  addEventListener("pagehide", write);
  document.addEventListener("visibilitychange", () => { if (document.hidden) write(); });
  page.copyLink.addEventListener("click", copy);
  return { copy };
}
