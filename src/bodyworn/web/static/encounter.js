// The encounter page: fetches the times, then joins player, timeline, transcript, findings and keys.
import { care } from "./care.js";
import { findings } from "./findings.js";
import { keys } from "./keys.js";
import { player } from "./player.js";
import { timeline } from "./timeline.js";
import { transcript } from "./transcript.js";

const box = document.getElementById("workbench");
const { recording, view } = box.dataset;
const query = `?view=${encodeURIComponent(view)}`;

async function times() {
  const answer = await fetch(`/findings/${recording}/timeline.json${query}`);
  if (answer.status === 401 || answer.status === 403) location.reload();
  if (!answer.ok) throw new Error(`the times could not be fetched (${answer.status})`);
  return answer.json();
}

async function waveform(data) {
  if (!data.peaks_step_ms) return null;
  const answer = await fetch(`/findings/${recording}/peaks.bin${query}`);
  return answer.ok ? new Int8Array(await answer.arrayBuffer()) : null;
}

async function sprite(data) {
  if (!data.thumbnails || box.dataset.video !== "yes") return null;
  const image = new Image();
  image.src = `/recordings/${recording}/pictures/thumbnails.jpg${query}`;
  await image.decode();
  return image;
}

export function say(text) {
  document.getElementById("say").textContent = text;
}

const data = await times();
const film = player(data);
const parts = { data, film };
parts.timeline = timeline(data, film);
parts.transcript = transcript(data, film);
parts.findings = findings(data, film, parts.timeline, say);
parts.care = care(film, say);
keys(parts);

for (const button of document.querySelectorAll(".brief [data-seek], .glance [data-seek]")) {
  button.addEventListener("click", () => film.seek(Number(button.dataset.seek)));
}
document.documentElement.dataset.ready = "page";

await Promise.all([
  waveform(data).then((peaks) => parts.timeline.setPeaks(peaks)),
  sprite(data).then((image) => parts.timeline.setSprite(image)).catch(() => undefined),
]);
document.documentElement.dataset.ready = "all";
