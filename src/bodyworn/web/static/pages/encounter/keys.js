// The keyboard. Keys with Ctrl, Alt or Meta stay the browser's; while a person types, all do.
const TYPING = "input:not([type=range]), textarea, select, [contenteditable]";

export function keys({ data, film, timeline, transcript, findings, care, picture, address, page }) {
  const dialog = page.shortcuts;
  const lanes = [...data.families, "unknown"];
  const acts = {
    " ": () => film.toggle(),
    j: () => findings.jump(1),
    k: () => findings.jump(-1),
    l: () => findings.loopChosen(),
    ",": () => film.frame(-1),
    ".": () => film.frame(1),
    "<": () => film.faster(-1),
    ">": () => film.faster(1),
    "+": () => timeline.zoom(1.6),
    "=": () => timeline.zoom(1.6),
    "-": () => timeline.zoom(1 / 1.6),
    "0": () => timeline.fit(),
    "/": () => transcript.focusSearch(),
    "?": () => dialog.showModal(),
    g: () => care.toggle("gray"),
    b: () => care.toggle("blur"),
    m: () => care.toggle("mute"),
    f: () => picture.full(),
    t: () => picture.wide(),
    z: () => picture.magnify(),
    u: () => address.copy(),
    i: () => findings.why(),
    Escape: () => film.setLoop(null),
  };

  function arrows(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way || event.target.matches("input")) return false;
    film.step(way * (event.shiftKey ? 5000 : 1000));
    return true;
  }

  function digits(event) {
    const lane = /^Digit([1-9])$/.exec(event.code)?.[1] ?? (/^[1-9]$/.test(event.key) ? event.key : null);
    if (!lane || (event.shiftKey && !/^Digit/.test(event.code))) return false;
    findings.jump(event.shiftKey ? -1 : 1, lanes[Number(lane) - 1]);
    return true;
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || dialog.open) return;
    if (event.target.matches(TYPING)) return;
    if (event.key === " " && event.target.matches("button, summary, a")) return;
    const act = acts[event.key] ?? (event.key.length === 1 ? acts[event.key.toLowerCase()] : undefined);
    if (act && !(event.shiftKey && /^[a-z]$/i.test(event.key))) act();
    else if (!arrows(event) && !digits(event)) return;
    event.preventDefault();
  });
  page.zoomIn.addEventListener("click", () => timeline.zoom(1.6));
  page.zoomOut.addEventListener("click", () => timeline.zoom(1 / 1.6));
  page.zoomFit.addEventListener("click", () => timeline.fit());
}
