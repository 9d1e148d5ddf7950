// The picture at the size that is needed: full screen, a wide player, and magnified with the wheel or "z".
const MOST = 8;
const STEPS = [1, 2, 4];

export function picture(page, say) {
  const { screen, stage, media } = page;
  const desk = page.workbench;
  if (media.localName !== "video") return { full() {}, wide() {}, magnify() {} };
  let zoom = 1;
  let [x, y] = [0, 0]; // px by which the magnified picture is moved, from its middle
  let grip = null;
  let moved = false; // by the drag that just ended

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else stage.requestFullscreen().catch(() => say("This browser does not show it full screen"));
  }

  function wide(on = !("wide" in desk.dataset), { keep = true } = {}) {
    if (on) desk.dataset.wide = "";
    else delete desk.dataset.wide;
    page.theater.setAttribute("aria-pressed", String(on));
    try { if (keep) localStorage.setItem("wide", on ? "on" : "off"); } catch { /* private window: not kept */ }
    if (keep) say(on ? "Wide player" : "Player beside the transcript");
  }

  // Magnifies around a point of the screen, from its middle, so that what is there stays there.
  function set(to, [px, py] = [0, 0]) {
    const next = Math.min(MOST, Math.max(1, to));
    x = px - ((px - x) * next) / zoom;
    y = py - ((py - y) * next) / zoom;
    zoom = next;
    draw();
  }

  function draw() {
    const [wide, tall] = [screen.clientWidth, screen.clientHeight].map((size) => (size * (zoom - 1)) / 2);
    x = Math.min(wide, Math.max(-wide, x));
    y = Math.min(tall, Math.max(-tall, y));
    media.style.transform = zoom > 1 ? `translate(${x}px, ${y}px) scale(${zoom})` : "";
    screen.classList.toggle("magnified-now", zoom > 1);
    page.magnified.hidden = zoom === 1;
    page.magnifiedText.textContent = `${zoom.toFixed(1)}×`;
  }

  function magnify() {
    set(STEPS.find((step) => step > zoom + 0.01) ?? 1);
    say(zoom > 1 ? `Magnified ${zoom} times` : "Whole picture");
  }

  const at = (event) => {
    const box = screen.getBoundingClientRect();
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
  };
  screen.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !document.fullscreenElement && !matchMedia("(min-width: 1100px)").matches) return;
    event.preventDefault(); // a page that scrolls keeps its wheel
    set(zoom * Math.exp(-event.deltaY * (event.deltaMode === 1 ? 16 : 1) * 0.0018), at(event));
  }, { passive: false });
  media.addEventListener("pointerdown", (event) => {
    if (event.button || zoom === 1) return;
    media.setPointerCapture(event.pointerId);
    grip = { from: at(event), x, y };
    moved = false;
  });
  media.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const [dx, dy] = at(event).map((place, n) => place - grip.from[n]);
    moved ||= Math.hypot(dx, dy) > 4;
    [x, y] = [grip.x + dx, grip.y + dy];
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    media.addEventListener(end, () => { grip = null; });
  }
  screen.addEventListener("click", (event) => {
    if (moved && event.target === media) event.stopPropagation(); // the click that ends a drag does not play
    moved = false;
  }, { capture: true });
  media.addEventListener("dblclick", full);
  page.full.addEventListener("click", full);
  page.theater.addEventListener("click", () => wide());
  page.magnify.addEventListener("click", magnify);
  page.magnifiedClear.addEventListener("click", () => set(1));
  document.addEventListener("fullscreenchange", () => {
    page.full.setAttribute("aria-label", document.fullscreenElement ? "Leave full screen" : "Full screen");
    draw();
  });
  new ResizeObserver(draw).observe(screen);
  try { wide(localStorage.getItem("wide") === "on", { keep: false }); } catch { /* private window */ }
  return { full, wide, magnify };
}
