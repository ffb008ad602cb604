/* Saves what is written by itself, after a pause in typing; says what became of it; keeps it in this tab until it is saved.
   Somebody else's save is not overwritten: the writer is asked to compare.
   A new form has its key in its address, so what it keeps is its own, and whoever comes back to it is led to what it made. */
const PAUSE = 1500;
const KEEP_PAUSE = 300;
const WAITS = [3000, 10_000, 30_000];
const PREFIX = "writing:";
const MOST_KEPT = 5; // forms in this tab

const token = () => decodeURIComponent(document.cookie.match(/(?:^|; )gongfang_csrf=([^;]*)/)?.[1] ?? "");

export default function attach(form) {
  const status = form.querySelector('[data-part="status"]');
  const seen = form.elements.seen;
  const isFresh = form.elements.key && !new URLSearchParams(location.search).has("key");
  let key = placeOf(form);
  let turn = 0;
  let savedTurn = 0;
  let running = null;
  let timer = 0;
  let keepTimer = 0;
  let failures = 0;
  let isStopped = Boolean(form.querySelector(".conflict"));
  let isLeaving = false;

  const isDirty = () => turn !== savedTurn;
  const fields = () => [...form.elements].filter((field) => field.name && !field.matches("[type=hidden], [type=file], button"));
  const keep = (isSent = false) => {
    try {
      sessionStorage.setItem(key, JSON.stringify({ seen: seen.value, isSent, at: Date.now(), fields: fields().map((field) => [field.name, field.value, field.checked]) }));
    } catch {
      /* more than a tab may keep: the server has it in a moment */
    }
  };
  const forget = () => {
    clearTimeout(keepTimer);
    sessionStorage.removeItem(key);
  };
  const say = (text, { isWrong = false, link = null, button = "" } = {}) => {
    if (status.dataset.said === text) return;
    status.dataset.said = text;
    status.textContent = text;
    status.classList.toggle("wrong", isWrong);
    if (link) status.append(" ", Object.assign(document.createElement("a"), { href: link, target: "_blank", rel: "noopener", textContent: form.dataset.signIn }));
    if (button) status.append(" ", Object.assign(document.createElement("button"), { className: "button small", name: "action", value: "save", textContent: button }));
  };

  /* The draft has been made: this page is its page from now on. */
  const moveTo = (url) => {
    forget();
    history.replaceState(history.state, "", url);
    key = PREFIX + url;
  };

  async function send() {
    const sentTurn = turn;
    const body = new FormData(form);
    body.set("autosave", "1");
    const response = await fetch(form.getAttribute("action") || location.href, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
    });
    const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
    if (response.type === "opaqueredirect" || response.status === 401 || (response.status === 403 && !isAnswer)) {
      say(form.dataset.signedOut, { isWrong: true, link: form.dataset.signInUrl });
      return false;
    }
    if (response.status === 413 || response.status === 400) {
      isStopped = true;
      say(form.dataset.tooMuch, { isWrong: true });
      return false;
    }
    if (!isAnswer) throw new TypeError("away");
    const answer = await response.json();
    if (!response.ok) {
      isStopped = true;
      say(answer.error, { isWrong: true, button: answer.is_conflict ? form.dataset.compare : "" });
      return false;
    }
    if (answer.is_kept === false) {
      savedTurn = sentTurn;
      say(answer.text);
      return true;
    }
    seen.value = answer.stamp;
    if (form.getAttribute("action") !== answer.url) {
      form.setAttribute("action", answer.url);
      moveTo(answer.url);
    }
    savedTurn = sentTurn;
    if (!isDirty()) forget();
    else keep();
    say(answer.text, { isWrong: !answer.is_whole });
    return true;
  }

  async function save() {
    clearTimeout(timer);
    if (running || isStopped || isLeaving) return running;
    say(form.dataset.saving);
    running = send().then(
      (isSaved) => {
        failures = 0;
        return isSaved;
      },
      () => {
        say(form.dataset.away, { isWrong: true });
        timer = setTimeout(save, WAITS[Math.min(failures++, WAITS.length - 1)]);
        return false;
      },
    );
    try {
      return await running;
    } finally {
      running = null;
      if (isDirty() && !isStopped && failures === 0) schedule();
    }
  }

  function schedule() {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(save, PAUSE);
  }

  function changed(event) {
    if (event.target.closest(".writers")) return;
    turn += 1;
    clearTimeout(keepTimer);
    keepTimer = setTimeout(keep, KEEP_PAUSE);
    if (!isStopped && !running) say(form.dataset.unsaved);
    schedule();
  }

  const place = form.getAttribute("action");
  if (place && place !== location.pathname) moveTo(place);
  takeOver(form.dataset.key, key);
  for (const name of keptNames().filter((one) => one !== key).slice(MOST_KEPT)) sessionStorage.removeItem(name);
  restore();
  if (isFresh) findLeft(key, () => turn === 0);
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => event.target.matches("input[type=checkbox], input[type=radio], select") && changed(event));
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (running) {
      event.preventDefault();
      const { submitter } = event;
      running.finally(() => setTimeout(() => form.requestSubmit(submitter)));
      return;
    }
    if (isLeaving) {
      event.preventDefault();
      return;
    }
    isLeaving = true;
    clearTimeout(keepTimer);
    keep(true);
    const hidden = form.elements.csrfmiddlewaretoken;
    if (hidden && token()) hidden.value = token();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted && isLeaving) location.reload(); // back at what was sent: the portal knows what became of it
    isLeaving = false;
  });
  addEventListener("online", () => isDirty() && save());
  addEventListener("focus", () => isDirty() && save());
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && isDirty()) event.preventDefault();
  });

  /* What this tab still has: nothing where it was sent and has arrived; else it comes back, with the stamp that it began with. */
  function restore() {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (!kept || form.querySelector(".has-error, .conflict")) return;
    if (kept.isSent && kept.seen !== seen.value) {
      forget();
      return;
    }
    let isChanged = false;
    const present = fields();
    for (const [name, value, checked] of kept.fields) {
      const field = present.find((one) => one.name === name && (!one.matches("[type=checkbox], [type=radio]") || one.value === value));
      if (!field) continue;
      const isTick = field.matches("[type=checkbox], [type=radio]");
      if (isTick ? field.checked === checked : field.value === value) continue;
      if (isTick) field.checked = checked;
      else field.value = value;
      isChanged = true;
    }
    seen.value = kept.seen;
    if (!isChanged) return;
    turn += 1;
    say(form.dataset.restored);
    schedule();
  }
}

/* Where this form keeps its text: a new one under its address with its key, one of a page under the address of its draft. */
function placeOf(form) {
  if (!form.elements.key) return PREFIX + location.pathname;
  const address = new URL(location.href);
  address.searchParams.set("key", form.elements.key.value);
  history.replaceState(history.state, "", address);
  return PREFIX + address.pathname + address.search;
}

const keyIn = (name) => new URLSearchParams(name.slice(name.indexOf("?"))).get("key");
const readKept = (name) => JSON.parse(sessionStorage.getItem(name) ?? "null");
const keptNames = () => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX)).sort((one, other) => readKept(other).at - readKept(one).at);

/* The text of the form that made this page, whose answer was lost on the way, is the page's. */
function takeOver(made, key) {
  for (const name of keptNames().filter((one) => made && one.includes("?") && keyIn(one) === made)) {
    if (!readKept(name).isSent && !sessionStorage.getItem(key)) sessionStorage.setItem(key, sessionStorage.getItem(name));
    sessionStorage.removeItem(name);
  }
}

/* A form of this very address that was left before anything of it had arrived is gone on with, under its own key. What has arrived is never offered again. */
async function findLeft(key, isStillEmpty) {
  const rest = (name) => {
    const [path, search = ""] = name.split("?");
    const asked = new URLSearchParams(search);
    asked.delete("key");
    return `${path}?${asked}`;
  };
  for (const name of keptNames().filter((one) => one !== key && one.includes("?") && rest(one) === rest(key))) {
    const address = name.slice(PREFIX.length);
    const answer = await fetch(address, { method: "HEAD", redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect" && readKept(name)?.isSent) sessionStorage.removeItem(name);
    if (answer?.status !== 200) continue;
    if (isStillEmpty()) location.replace(address);
    return;
  }
}
