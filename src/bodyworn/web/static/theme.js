// Runs before the first paint: light or dark, and how hard material is shown, as chosen last time in this browser.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: not kept */ } };
  const show = () => { root.dataset.theme = kept("theme") || (dark.matches ? "dark" : "light"); };
  show();
  dark.addEventListener("change", () => { show(); dispatchEvent(new Event("themechange")); });
  for (const care of ["gray", "blur"]) if (kept(care) === "on") root.dataset[care] = "";
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const name = () => button.setAttribute("aria-label", root.dataset.theme === "dark" ? "Switch to light" : "Switch to dark");
    name();
    button.addEventListener("click", () => {
      keep("theme", root.dataset.theme === "dark" ? "light" : "dark");
      show();
      name();
      dispatchEvent(new Event("themechange"));
    });
  });
})();
