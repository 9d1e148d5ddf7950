// Adds to each <time datetime> the time in the zone of this browser, where that is another one:
//   <div data-behavior="local-time"><time datetime="2026-03-15T00:31:10Z">15 Mar 2026, 00:31:10 UTC</time></div>
const here = new Intl.DateTimeFormat("en-US", {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
});
const zone = here.resolvedOptions().timeZone;

export default function localTime(box) {
  for (const time of box.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf()) || at.getTimezoneOffset() === 0 || time.querySelector(".local")) continue;
    const part = Object.fromEntries(here.formatToParts(at).map(({ type, value }) => [type, value]));
    const local = document.createElement("span");
    local.className = "local";
    local.title = `In the time zone of this browser, ${zone}`;
    local.textContent = ` · ${part.day} ${part.month}, ${part.hour}:${part.minute} ${part.timeZoneName}`;
    time.append(local);
  }
}
