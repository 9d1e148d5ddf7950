// Runs before the first paint: light or dark, and how hard material is shown, as chosen last time in this browser.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const show = () => { root.dataset.theme = kept("theme") || (dark.matches ? "dark" : "light"); };
  show();
  dark.addEventListener("change", () => { show(); dispatchEvent(new Event("themechange")); });
  for (const care of ["gray", "blur"]) if (kept(care) === "on") root.dataset[care] = "";
})();
