/* Attaches behaviours to what asks for them, in the page and in what htmx brings; shows that a request takes long; announces. */
const attached = new WeakMap();
let attaching = 0;

/* `data-attached` stands on the page while all behaviours that it asks for are attached. */
function countAttaching(step) {
  attaching += step;
  document.documentElement.toggleAttribute("data-attached", attaching === 0);
}

async function attachOne(element, name) {
  const names = attached.get(element) ?? new Set();
  if (names.has(name) || !(behaviors[name] || loaders[name])) return;
  attached.set(element, names.add(name));
  countAttaching(1);
  try {
    behaviors[name] ??= (await loaders[name]()).default;
    await behaviors[name](element);
  } finally {
    countAttaching(-1);
  }
}

function attachAll(root) {
  const elements = [...root.querySelectorAll("[data-behavior]")];
  if (root.matches?.("[data-behavior]")) elements.unshift(root);
  for (const element of elements) {
    for (const name of element.dataset.behavior.split(/\s+/).filter(Boolean)) attachOne(element, name);
  }
}

function showWaiting() {
  const bar = document.createElement("div");
  bar.className = "waiting";
  document.body.append(bar);
  let requests = 0;
  const count = (step) => () => {
    requests = Math.max(0, requests + step);
    bar.classList.toggle("on", requests > 0);
  };
  document.addEventListener("htmx:beforeSend", count(1));
  document.addEventListener("htmx:afterRequest", count(-1));
}

document.documentElement.dataset.scripted = "";
countAttaching(0);
attachAll(document.body);
showWaiting();
document.addEventListener("htmx:load", (event) => attachAll(event.detail.elt));
for (const form of document.querySelectorAll("form[data-ends-session]")) form.addEventListener("submit", () => sessionStorage.clear());
document.addEventListener("announce", (event) => {
  const place = document.getElementById("announcements");
  if (place) place.textContent = event.detail.text;
});
