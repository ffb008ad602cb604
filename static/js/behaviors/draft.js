/* Keeps what is typed into a form in this tab until the portal says that it has arrived: a reload, an expired sign-in, a lost connection lose nothing.
   Every form with a field to write in has this (main.js); signing out, or another person who signs in, forgets it.
   A whole page says by a cookie that a form has arrived, a part of a page by its answer. */
const PREFIX = "draft:";
const PAUSE = 300;

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

const keptKeys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
const pathOf = (form) => new URL(form.getAttribute("hx-post") || form.getAttribute("action") || location.href, location.href).pathname;

/* Fields by their names, and of several with one name by their places. */
function fieldsOf(form) {
  const places = {};
  return [...form.elements]
    .filter((field) => field.name && !field.matches("[type=hidden], [type=password], [type=file], [autocomplete=one-time-code], button, fieldset, output"))
    .map((field) => [`${field.name} ${(places[field.name] = (places[field.name] ?? 0) + 1)}`, field]);
}

const stateOf = (field) => (field.matches("[type=checkbox], [type=radio]") ? `${field.value}\n${field.checked}` : field.value);

const arrived = document.cookie.match(/(?:^|; )gongfang_arrived=([0-9a-z]+)/)?.[1];
if (arrived) {
  document.cookie = "gongfang_arrived=; path=/; max-age=0";
  for (const key of keptKeys()) if (read(key)?.mark === arrived) sessionStorage.removeItem(key);
}

/* What is kept stood perhaps in a form that is opened first, as a reply. */
const tried = new Set();
document.addEventListener("htmx:load", () => {
  for (const key of keptKeys().filter((one) => !tried.has(one))) {
    const path = key.slice(PREFIX.length).split(" ")[0];
    const link = document.querySelector(`a[hx-get="${CSS.escape(path)}"]`);
    if (!link) continue;
    tried.add(key);
    link.click();
  }
});

export default function attach(form) {
  const isPart = form.hasAttribute("hx-post");
  const wasRefused = Boolean(form.querySelector(".has-error, .summary"));
  const first = new Map(fieldsOf(form).map(([name, field]) => [name, stateOf(field)]));
  const key = `${PREFIX}${pathOf(form)} ${[...first.keys()].filter((name) => name.endsWith(" 1")).join()}`;
  let timer = 0;

  const keep = (mark = "") => {
    clearTimeout(timer);
    timer = 0;
    const changed = fieldsOf(form)
      .map(([name, field]) => [name, wasRefused ? null : first.get(name) ?? "", stateOf(field)])
      .filter(([, before, now]) => before !== now);
    try {
      if (changed.length) sessionStorage.setItem(key, JSON.stringify({ mark, fields: changed }));
      else sessionStorage.removeItem(key);
    } catch {
      /* more than a tab may keep */
    }
  };
  const forget = () => {
    clearTimeout(timer);
    timer = 0;
    sessionStorage.removeItem(key);
  };

  tried.add(key);
  const kept = read(key);
  if (kept && !wasRefused) restore(form, kept.fields, first);
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", () => timer && keep());
  form.addEventListener("click", ({ target }) => target.closest("[data-closes-form], .buttons a, .foot a") && forget());
  form.addEventListener("submit", () => {
    const mark = crypto.getRandomValues(new Uint32Array(3)).reduce((text, number) => text + number.toString(36), "");
    keep(mark);
    if (isPart || form.method !== "post") return;
    const hidden = form.elements._sent ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "_sent" }));
    hidden.value = mark;
  });
  form.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
    const { status } = detail.xhr;
    if (detail.elt === form && status >= 200 && status < 300 && !detail.xhr.getResponseHeader("HX-Redirect")) forget();
  });
}

/* A field takes what was typed where it still shows what it showed then; `before` is null for what came back refused, which is all typed. */
function restore(form, kept, first) {
  const fields = new Map(fieldsOf(form));
  let isChanged = false;
  for (const [name, before, now] of kept) {
    const field = fields.get(name);
    if (!field || (before !== null && first.get(name) !== before)) continue;
    if (field.matches("[type=checkbox], [type=radio]")) field.checked = now.endsWith("\ntrue");
    else field.value = now;
    isChanged = true;
  }
  const text = document.querySelector("[data-restored]")?.dataset.restored;
  if (isChanged && text) document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "info" } }));
}
