// Which findings are shown: families switched off by the chips, and the least score of the slider.
export function filters(data, page, { cards, within, kinds, line }) {
  const chips = [...document.querySelectorAll(".chip")];
  const slider = page.threshold;
  const off = new Set();
  let changed = () => undefined;

  const shown = (n) => !off.has(data.findings[n].family) && data.findings[n].score >= Number(slider.value) - 1e-9;

  function apply() {
    let count = 0;
    cards.forEach((card, at) => {
      const left = within[at].filter(shown);
      card.hidden = !left.length;
      count += left.length;
      if (within[at].length < 2) return;
      for (const n of within[at]) kinds.get(n).hidden = !shown(n);
    });
    page.thresholdValue.textContent = Number(slider.value).toFixed(2);
    const total = data.findings.length;
    page.shownCount.textContent = count === total ? `${count}` : `${count} of ${total}`;
    if (page.noneShown) { page.noneShown.hidden = count > 0; page.cards.hidden = count === 0; }
    for (const chip of chips) chip.setAttribute("aria-pressed", String(!off.has(chip.dataset.family)));
    for (const lane of document.querySelectorAll(".lanes [data-lane]")) {
      lane.classList.toggle("off", off.has(lane.dataset.lane));
    }
    line.setShown(shown);
  }

  function change() { apply(); changed(); }

  for (const chip of chips) {
    chip.addEventListener("click", () => {
      const { family } = chip.dataset;
      if (!off.delete(family)) off.add(family);
      change();
    });
  }
  slider.addEventListener("input", change);
  page.showAll?.addEventListener("click", () => {
    off.clear();
    slider.value = "0";
    change();
  });
  apply();
  return {
    shown,
    get off() { return [...off]; },
    get score() { return Number(slider.value); },
    set({ families, score }) {
      off.clear();
      for (const family of families) if (data.families.includes(family)) off.add(family);
      slider.value = String(score);
      apply();
    },
    onChange(call) { changed = call; },
  };
}
