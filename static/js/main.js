/* Attaches behaviours to what asks for them, in the page and in what htmx brings. */
const attached = new WeakMap();

async function attachOne(element, name) {
  const names = attached.get(element) ?? new Set();
  if (names.has(name)) return;
  attached.set(element, names.add(name));
  if (!behaviors[name]) {
    if (!loaders[name]) return;
    behaviors[name] = (await loaders[name]()).default;
  }
  behaviors[name](element);
}

function attachAll(root) {
  const elements = [...root.querySelectorAll("[data-behavior]")];
  if (root.matches?.("[data-behavior]")) elements.unshift(root);
  for (const element of elements) {
    for (const name of element.dataset.behavior.split(/\s+/)) attachOne(element, name);
  }
}

document.documentElement.dataset.scripted = "";
attachAll(document.body);
document.addEventListener("htmx:load", (event) => attachAll(event.detail.elt));
