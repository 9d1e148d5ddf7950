// The encounter page: fetches the times, then joins player, timeline, transcript, findings and keys.
import { address } from "./address.js";
import { care } from "./care.js";
import { decode } from "./decode.js";
import { findings } from "./findings.js";
import { keys } from "./keys.js";
import { panes } from "./panes.js";
import { parts } from "./parts.js";
import { picture } from "./picture.js";
import { player } from "./player.js";
import { timeline } from "./timeline.js";
import { transcript } from "./transcript.js";

const page = parts();
const { recording, view, video } = page.workbench.dataset;
const query = `?view=${encodeURIComponent(view)}`;

async function times() {
  const answer = await fetch(`/findings/${recording}/timeline.json${query}`);
  if (answer.status === 401 || answer.status === 403) location.reload();
  if (!answer.ok) throw new Error(`the times could not be fetched (${answer.status})`);
  return decode(await answer.json());
}

async function waveform(data) {
  if (!data.peaksStep) return null;
  const answer = await fetch(`/findings/${recording}/peaks.bin${query}`);
  return answer.ok ? new Int8Array(await answer.arrayBuffer()) : null;
}

async function sprite(data) {
  if (!data.tiles || video !== "yes") return null;
  const image = new Image();
  image.src = `/recordings/${recording}/pictures/thumbnails.jpg${query}`;
  await image.decode();
  return image;
}

function say(text) {
  page.say.textContent = text;
}

const data = await times();
const film = player(data, page);
const line = timeline(data, film, page);
const found = findings(data, film, line, page, say);
const spared = care(film, page, say);
panes(page);
keys({
  data, film, page,
  timeline: line,
  findings: found,
  transcript: transcript(data, film, page, found.show),
  care: spared,
  picture: picture(page, say),
  address: address(film, found, page, say),
});

for (const button of document.querySelectorAll(".brief [data-seek], .glance [data-seek]")) {
  button.addEventListener("click", () => {
    const { seek, finding } = button.dataset;
    if (finding) return found.choose(Number(finding));
    film.seek(Number(seek));
    return found.show(film.ms);
  });
}
document.documentElement.dataset.ready = "page";

await Promise.all([
  waveform(data).then((peaks) => line.setPeaks(peaks)),
  sprite(data).then((image) => line.setSprite(image)).catch(() => undefined),
]);
document.documentElement.dataset.ready = "all";
