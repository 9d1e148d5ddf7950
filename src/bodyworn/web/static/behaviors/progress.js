// Asks every two seconds how far the stages are, and loads the page anew when the state is another one:
//   <div data-behavior="progress" data-recording="rec_…" data-state="analyzing">
const ICONS = { done: "check", failed: "warning", running: "spinner", "not needed": "minus" };

export default function progress(box) {
  const { recording, state } = box.dataset;
  const meter = box.querySelector("progress");
  const text = box.querySelector(".meter span");

  async function ask() {
    const answer = await fetch(`/findings/${recording}/progress.json`);
    if (!answer.ok) return;
    const told = await answer.json();
    if (told.state !== state) { location.reload(); return; }
    meter.value = told.done;
    const now = `${told.done} of ${told.total} stages done`;
    if (text.textContent !== now) text.textContent = now;
    for (const step of told.steps) show(step);
  }

  function show(step) {
    const row = box.querySelector(`[data-stage="${CSS.escape(step.stage)}"]`);
    if (!row) return;
    row.className = `step-${step.state.replace(" ", "-")}`;
    row.querySelector(".step-state").textContent = step.state;
    row.querySelector(".step-because").textContent = step.because;
    const use = row.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[step.state] ?? "pause"}`));
  }

  setInterval(() => { if (!document.hidden) ask().catch(() => undefined); }, 2000);
}
