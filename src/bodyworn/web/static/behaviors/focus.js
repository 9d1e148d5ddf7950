// Takes the focus when the page opens: <div role="alert" tabindex="-1" data-behavior="focus">, the summary of a form.
export default function focus(element) {
  element.focus();
}
