/* Saves what is written by itself, after a pause in typing; says what became of it; keeps it in this tab until it is saved.
   Somebody else's save is not overwritten: the writer is asked to compare. */
const PAUSE = 1500;
const KEEP_PAUSE = 300;
const WAITS = [3000, 10_000, 30_000];
const PREFIX = "writing:";

const token = () => decodeURIComponent(document.cookie.match(/(?:^|; )gongfang_csrf=([^;]*)/)?.[1] ?? "");

export default function attach(form) {
  const status = form.querySelector('[data-part="status"]');
  const seen = form.elements.seen;
  let key = PREFIX + location.pathname;
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
      sessionStorage.setItem(key, JSON.stringify({ seen: seen.value, isSent, fields: fields().map((field) => [field.name, field.value, field.checked]) }));
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
  restore();
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
    keep(true);
    const hidden = form.elements.csrfmiddlewaretoken;
    if (hidden && token()) hidden.value = token();
  });
  addEventListener("pageshow", () => { isLeaving = false; });
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
