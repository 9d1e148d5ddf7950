// Switches between light and dark: <button data-behavior="theme">. theme.js in the head shows the choice before the
// first paint; this keeps it, and tells those who draw with the colors ("themechange").
const root = document.documentElement;

export default function theme(button) {
  const name = () => {
    button.setAttribute("aria-label", root.dataset.theme === "dark" ? "Switch to light" : "Switch to dark");
  };
  button.addEventListener("click", () => {
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    try { localStorage.setItem("theme", next); } catch { /* private window: not kept */ }
    dispatchEvent(new Event("themechange"));
  });
  addEventListener("themechange", name);
  name();
}
