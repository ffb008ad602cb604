/* Attaches behaviours to what asks for them, in the page and in what htmx brings; shows that a request takes long; announces. */
const WRITABLE = "textarea, input:not([type]), input:is([type=text], [type=email], [type=tel], [type=url], [type=number], [type=date], [type=datetime-local])";
const attached = new WeakMap();
let attaching = 0;

/* `data-attached` stands on the page while all behaviours that it asks for are attached, and htmx has read it. */
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
  for (const form of root.matches?.("form") ? [root] : root.querySelectorAll("form")) if (keepsWhatIsTyped(form)) attachOne(form, "draft");
}

/* Every form in which something is written and sent; the one of a page that is written keeps more, and secrets are not kept. */
function keepsWhatIsTyped(form) {
  return form.method === "post" && !form.matches('[data-behavior~="writing"]') && !form.querySelector("[type=password]") && form.querySelector(WRITABLE);
}

/* Texts that are kept in this tab are of one person. */
function forgetOthers() {
  const { person } = document.body.dataset;
  if (!person) return;
  const before = sessionStorage.getItem("person");
  if (before && before !== person) sessionStorage.clear();
  sessionStorage.setItem("person", person);
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
forgetOthers();
/* Who has signed in again elsewhere has another token than this page was made with. */
document.addEventListener("submit", ({ target }) => {
  const current = document.cookie.match(/(?:^|; )gongfang_csrf=([^;]*)/)?.[1];
  const sent = target.elements.csrfmiddlewaretoken;
  if (sent && current) sent.value = decodeURIComponent(current);
}, true);
countAttaching(1);
attachAll(document.body);
document.addEventListener("DOMContentLoaded", () => countAttaching(-1)); // htmx listened before
showWaiting();
document.addEventListener("htmx:load", (event) => attachAll(event.detail.elt));
for (const form of document.querySelectorAll("form[data-ends-session]")) form.addEventListener("submit", () => sessionStorage.clear());
document.addEventListener("announce", (event) => {
  const place = document.getElementById("announcements");
  if (place) place.textContent = event.detail.text;
});
