// Care for those who have to watch: gray picture, blurred picture, no sound, and how loud it is. Gray, blur and the
// volume are kept in this browser.
export function care(film, page, say) {
  const root = document.documentElement;
  const buttons = new Map([...document.querySelectorAll("[data-care]")].map((button) => [button.dataset.care, button]));
  const on = { gray: "gray" in root.dataset, blur: "blur" in root.dataset, mute: film.media.muted };

  function show(name) {
    buttons.get(name)?.setAttribute("aria-pressed", String(on[name]));
    if (name === "mute") film.media.muted = on.mute;
    else if (on[name]) root.dataset[name] = "";
    else delete root.dataset[name];
  }

  function toggle(name) {
    if (!buttons.has(name)) return;
    on[name] = !on[name];
    show(name);
    try {
      if (name !== "mute") localStorage.setItem(name, on[name] ? "on" : "off");
    } catch { /* private window: not kept */ }
    say({ gray: "Gray picture", blur: "Blurred picture", mute: "No sound" }[name] + (on[name] ? " on" : " off"));
  }

  for (const [name, button] of buttons) { show(name); button.addEventListener("click", () => toggle(name)); }
  volume(film.media, page.volume, () => { if (on.mute) toggle("mute"); });
  return { toggle };
}

// Who moves the slider wants to hear: that ends "no sound".
function volume(media, slider, unmute) {
  if (!slider) return;
  try { slider.value = localStorage.getItem("volume") ?? "1"; } catch { /* private window */ }
  media.volume = Number(slider.value);
  slider.addEventListener("input", () => {
    media.volume = Number(slider.value);
    unmute();
    try { localStorage.setItem("volume", slider.value); } catch { /* private window: not kept */ }
  });
}
