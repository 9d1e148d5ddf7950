// What stands behind "Why" on a card: for each proposal what its kind means, the words it rests on, what was measured
// and what made it. Made when it is first opened.
export function why(data, list, within) {
  list?.addEventListener("toggle", (event) => {
    const details = event.target;
    const card = details.closest(".card");
    if (details.open && card && !details.querySelector("dl")) details.append(told(within[Number(card.dataset.card)]));
  }, { capture: true }); // "toggle" does not bubble
  list?.addEventListener("pointerover", (event) => {
    const row = event.target.closest("[data-n]");
    if (row && !row.title) row.title = data.means[data.findings[Number(row.dataset.n)].kind] ?? "";
  });

  function told(those) {
    const box = document.createElement("dl");
    for (const n of those) {
      const { kind, score, words, measures, made } = data.findings[n];
      const row = add(box, "div");
      row.dataset.why = String(n);
      add(row, "dt", kind);
      add(row, "dd", data.means[kind]);
      if (words.length) add(row, "dd", `Rests on ${words.map((word) => `“${word}”`).join(", ")}`);
      const figures = add(row, "dd");
      figures.className = "measures";
      for (const [name, figure] of [["score", score.toFixed(2)], ...measures]) {
        add(add(figures, "span", `${name} `), "b", figure);
      }
      add(figures, "span", made).className = "made-by";
    }
    return box;
  }
}

function add(parent, name, text = "") {
  const element = document.createElement(name);
  element.textContent = text;
  parent.append(element);
  return element;
}
