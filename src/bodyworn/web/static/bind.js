// Binds behaviors: an element with data-behavior="swap" gets the default export of behaviors/swap.js, called with it.
// Several names are separated by spaces. What is put into the page later is bound by calling bind() on it.
const bound = new WeakMap();

export async function bind(root = document) {
  const elements = [...root.querySelectorAll("[data-behavior]")];
  if (root.matches?.("[data-behavior]")) elements.unshift(root);
  const named = elements.flatMap((element) => element.dataset.behavior.split(/\s+/).map((name) => [element, name]));
  await Promise.all(named.map(([element, name]) => one(element, name)));
}

async function one(element, name) {
  if (!/^[a-z][a-z-]*$/.test(name)) throw new Error(`not the name of a behavior: ${name}`);
  const names = bound.get(element) ?? new Set();
  if (names.has(name)) return;
  bound.set(element, names.add(name));
  const { default: behave } = await import(`./behaviors/${name}.js`);
  behave(element);
}
