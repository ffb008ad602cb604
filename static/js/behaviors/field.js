/* A form that is filled in where there may be no net: what is sent is kept on the device first, and goes when there is one, each once by its key.
   Inside: a form, a list for what waits, a template for its lines. What waits is of one person; another who signs in neither sees nor sends it. */
const STORE = "waiting";
const AGAIN = 20_000;
const PRESSED_TWICE = 1_500;

const opened = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function open() {
  const request = indexedDB.open("field", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
  return opened(request);
}

const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
};

const localMinute = () => {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

const token = () => decodeURIComponent(document.cookie.match(/(?:^|; )gongfang_csrf=([^;]*)/)?.[1] ?? "");

export default async function attach(element) {
  const form = element.querySelector("form");
  const list = element.querySelector("[data-part=waiting]");
  const line = element.querySelector("template");
  const { person } = document.body.dataset;
  const words = element.dataset;
  if (!person || !window.indexedDB) return;
  const base = await open();
  const store = (mode) => base.transaction(STORE, mode).objectStore(STORE);
  const waiting = async () => (await opened(store("readonly").getAll())).filter((one) => one.person === person);
  let isSending = false;
  let isTaking = false;

  async function show() {
    const kept = await waiting();
    list.replaceChildren(...kept.map((one) => {
      const row = line.content.firstElementChild.cloneNode(true);
      row.querySelector("[data-part=label]").textContent = one.label;
      row.querySelector("[data-part=state]").textContent = one.error || words.waits;
      row.classList.toggle("wrong", Boolean(one.error));
      row.querySelector("button").hidden = !one.error;
      row.querySelector("button").addEventListener("click", () => takeUp(one));
      return row;
    }));
    list.hidden = kept.length === 0;
  }

  async function send(one) {
    const body = new FormData();
    for (const [name, value] of one.entries) body.append(name, value);
    body.set("csrfmiddlewaretoken", token());
    body.set("device_now", new Date().toISOString());
    const answer = await fetch(one.url, { method: "POST", body, headers: { "X-Kept": "1" } });
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    const said = isJson ? await answer.json() : {};
    if (answer.ok && said.url) {
      await opened(store("readwrite").delete(one.key));
      return said.url;
    }
    if (answer.status < 500) await opened(store("readwrite").put({ ...one, error: said.errors?.join(" ") || words.signIn }));
    return "";
  }

  async function flush(key = "") {
    if (isSending) return;
    isSending = true;
    let address = "";
    try {
      for (const one of await waiting()) {
        if (one.error && one.error !== words.signIn && one.key !== key) continue;
        const url = await send(one);
        if (one.key === key) address = url;
      }
    } catch {
      /* no net: it stays, and is tried again */
    } finally {
      isSending = false;
    }
    await show();
    if (address) location.assign(address);
  }

  async function takeUp(one) {
    for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = false;
    for (const [name, value] of one.entries) {
      const field = form.elements[name];
      if (!field || value instanceof File) continue;
      if (field.type === "checkbox") field.checked = true;
      else if ("value" in field) field.value = value;
    }
    await opened(store("readwrite").delete(one.key));
    await show();
    form.scrollIntoView();
  }

  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isTaking || !form.reportValidity()) return;
    isTaking = true;
    setTimeout(() => { isTaking = false; }, PRESSED_TWICE);
    const entries = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.name));
    const chosen = form.elements.customer;
    const key = form.elements.key.value;
    const label = `${chosen.selectedOptions[0]?.textContent ?? ""} ${form.elements.said_at.value.replace("T", " ")}`;
    await opened(store("readwrite").put({ key, person, url: form.action || location.href, entries, label, error: "" }));
    form.reset();
    form.elements.key.value = newKey();
    form.elements.said_at.value = localMinute();
    form.dispatchEvent(new Event("input", { bubbles: true }));
    await show();
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: words.kept, kind: "info" } }));
    await flush(key);
  });
  addEventListener("online", () => flush());
  setInterval(() => navigator.onLine && waiting().then((kept) => kept.length && flush()), AGAIN);
  await show();
  if (navigator.onLine) flush();
}
