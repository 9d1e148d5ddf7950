// Asks the browser for a passkey and sends its answer with the form:
//   <form data-behavior="passkey" data-act="get" data-options="{…}" hidden> … <input type="hidden" name="answer">
// data-act is get or create, data-options what the server asks for (JSON of WebAuthn). Where the browser has no
// passkeys the form stays hidden: there is always another way.
const able = globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined;

export default function passkey(form) {
  if (!able) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true" || !form.reportValidity()) return;
    form.setAttribute("aria-busy", "true");
    ask(form).catch(() => {
      form.removeAttribute("aria-busy");
      form.querySelector("[data-told]").textContent = "The browser gave no passkey. Try again, or go another way.";
    });
  });
}

async function ask(form) {
  const options = JSON.parse(form.dataset.options);
  const credential = form.dataset.act === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  form.elements.answer.value = JSON.stringify(credential.toJSON());
  form.submit();
}
