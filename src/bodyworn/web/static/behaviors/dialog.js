// Opens a native dialog: <button data-behavior="dialog" data-opens="shortcuts">. A click beside the dialog closes it;
// Escape and its own form do so by themselves, and the focus goes back to the button.
export default function opens(button) {
  const dialog = document.getElementById(button.dataset.opens);
  button.addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}
