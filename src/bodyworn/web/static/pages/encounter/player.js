// The player: play, seek, frame steps, speed, looping a span. Others listen to its "time", "seek" and "loop" events:
// "seek" comes once where the film was moved, "time" whenever it stands somewhere else.
import { clock } from "./clock.js";

export function player(data, page) {
  const { media } = page;
  const stage = document.querySelector(".stage");
  const events = new EventTarget();
  let loop = null;
  let wanted = null; // a seek under way, so that held keys add up
  let drawn = -1;

  const film = {
    events,
    media,
    get ms() { return wanted ?? media.currentTime * 1000; },
    get duration() { return data.duration; },
    get playing() { return !media.paused; },
    get loop() { return loop; },
    seek(ms) {
      wanted = Math.min(Math.max(0, ms), data.duration);
      if (loop && (wanted < loop[0] - 1 || wanted > loop[1])) film.setLoop(null);
      media.currentTime = wanted / 1000;
      tell();
      events.dispatchEvent(new Event("seek"));
    },
    step(ms) { film.seek(film.ms + ms); },
    frame(count) {
      media.pause();
      const frame = Math.floor(film.ms / data.frame + 0.01) + count;
      film.seek(Math.max(0, frame) * data.frame + 1);
    },
    toggle() { if (media.paused) media.play().catch(() => undefined); else media.pause(); },
    faster(steps) {
      const { speed } = page;
      speed.selectedIndex = Math.min(speed.length - 1, Math.max(0, speed.selectedIndex + steps));
      media.playbackRate = Number(speed.value);
    },
    setLoop(span) {
      loop = span && span[1] - span[0] > 60 ? span : null;
      page.loop.hidden = !loop;
      if (loop) page.loopText.textContent = `${clock(loop[0], true)}–${clock(loop[1], true)}`;
      events.dispatchEvent(new Event("loop"));
    },
  };

  function tell() {
    const ms = film.ms;
    if (ms === drawn) return;
    drawn = ms;
    page.now.textContent = clock(ms, true);
    const spans = data.unknown.filter((span) => span.start <= ms && ms < span.end);
    const told = [[true, "Not heard"], [false, "Not seen"]].flatMap(([unheard, head]) => {
      const words = [...new Set(spans.filter((span) => span.unheard === unheard).map((span) => span.words))];
      return words.length ? `${head} here: ${words.join(", ")}` : [];
    }).join(" · ");
    page.unjudgedNow.hidden = !told;
    if (page.unjudgedNow.textContent !== told) page.unjudgedNow.textContent = told;
    events.dispatchEvent(new Event("time"));
  }

  function turn() {
    if (loop && media.currentTime * 1000 >= loop[1]) media.currentTime = loop[0] / 1000;
    tell();
    if (!media.paused) requestAnimationFrame(turn);
  }

  media.addEventListener("play", () => {
    stage.classList.add("playing");
    label("Pause");
    requestAnimationFrame(turn);
  });
  media.addEventListener("pause", () => {
    stage.classList.remove("playing");
    label("Play");
    tell();
  });
  media.addEventListener("seeked", () => {
    wanted = null;
    tell();
    if (!loop) events.dispatchEvent(new Event("seek"));
  });
  media.addEventListener("timeupdate", tell);
  media.addEventListener("error", failed);
  if (media.error) failed();
  media.addEventListener("click", () => film.toggle());
  page.play.addEventListener("click", () => film.toggle());
  page.speed.addEventListener("change", () => { media.playbackRate = Number(page.speed.value); });
  page.loopClear.addEventListener("click", () => film.setLoop(null));
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => film.step(Number(button.dataset.step)));
  }
  for (const button of document.querySelectorAll("[data-frame]")) {
    button.addEventListener("click", () => film.frame(Number(button.dataset.frame)));
  }

  function label(text) { page.play.setAttribute("aria-label", text); }
  function failed() { page.mediaProblem.hidden = false; }
  tell();
  return film;
}
