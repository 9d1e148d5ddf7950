// Sends a form without loading the whole page, and puts one element of the answer in place of the one there:
//   <form method="post" action="/recordings/…/custody" data-behavior="swap" data-swap="sheet">
// data-swap is the id of the element and the name of the template's block that renders it. Without scripts the form
// works as any form does; so it does when the answer is none that can be swapped in.
import { bind } from "../bind.js";

// The one Trusted Types policy of the product (docs/decisions/0013). It passes on what this server rendered, to the
// parser below only: a parsed document runs no scripts, and the content security policy has no inline ones.
const policy = globalThis.trustedTypes?.createPolicy("bodyworn-swap", { createHTML: (html) => html })
  ?? { createHTML: (html) => html };

export default function swap(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return; // a double click sends once
    form.setAttribute("aria-busy", "true");
    send(form, event.submitter).catch(() => form.submit());
  });
}

async function send(form, submitter) {
  const { swap: id } = form.dataset;
  const answer = await fetch(form.action, {
    method: form.method,
    body: new URLSearchParams(new FormData(form, submitter)),
    headers: { "X-Swap": id },
  });
  if (!answer.ok && answer.status !== 422) throw new Error(`not to be swapped in: ${answer.status}`);
  const parsed = new DOMParser().parseFromString(policy.createHTML(await answer.text()), "text/html");
  const fresh = parsed.getElementById(id);
  const old = document.getElementById(id);
  if (!fresh || !old) throw new Error(`there is no element ${id}`);
  old.replaceWith(document.adoptNode(fresh));
  await bind(fresh);
  const target = fresh.querySelector("[data-behavior~=focus], [data-focus]") ?? fresh;
  if (target === fresh) fresh.tabIndex = -1;
  target.focus();
}
