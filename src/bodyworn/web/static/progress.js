// The progress page: asks every two seconds how far the stages are, and opens the encounter when all are done.
const box = document.getElementById("progress");
const ICONS = { done: "check", failed: "warning", running: "spinner", "not needed": "minus" };
const state = box.dataset.state;

async function ask() {
  const answer = await fetch(`/findings/${box.dataset.recording}/progress.json`);
  if (!answer.ok) return;
  const told = await answer.json();
  if (told.state !== state) return location.reload();
  document.getElementById("meter").value = told.done;
  document.getElementById("meter-text").textContent = `${told.done} of ${told.total} stages done`;
  for (const step of told.steps) {
    const row = box.querySelector(`[data-stage="${CSS.escape(step.stage)}"]`);
    if (!row) continue;
    row.className = `step-${step.state.replace(" ", "-")}`;
    row.querySelector(".step-state").textContent = step.state;
    const use = row.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[step.state] ?? "pause"}`));
    row.querySelector(".step-because").textContent = step.because;
  }
}

setInterval(() => { if (!document.hidden) ask().catch(() => undefined); }, 2000);
