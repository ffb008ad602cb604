/* The box at the top: results while one types, walked with the arrows. Enter opens the marked one, or searches; the newest question wins. */
const PAUSE = 120;
const SLOW = 400;

export default function attach(form) {
  const input = form.querySelector("input[type=search]");
  const panel = form.querySelector("[role=listbox]");
  let timer = 0;
  let slow = 0;
  let asking = null;
  let shown = "";
  let before = null;

  const options = () => [...panel.querySelectorAll("[role=option]")];
  const marked = () => panel.querySelector("[aria-selected=true]");
  const words = () => input.value.trim();

  const mark = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const show = (isOpen) => {
    panel.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen && options().length > 0));
    if (!isOpen) mark(null);
  };

  const settle = () => {
    clearTimeout(slow);
    asking = null;
    form.removeAttribute("aria-busy");
  };

  const stop = () => {
    clearTimeout(timer);
    asking?.abort();
    settle();
  };

  const fill = (html, question) => {
    const kept = marked()?.id;
    panel.innerHTML = html;
    panel.scrollTop = 0;
    shown = question;
    show(document.activeElement === input);
    mark(panel.hidden ? null : options().find((option) => option.id === kept) ?? null);
    const said = panel.querySelector("[data-said]")?.dataset.said;
    if (said && !panel.hidden) document.dispatchEvent(new CustomEvent("announce", { detail: { text: said } }));
  };

  const ask = async () => {
    const question = words();
    stop();
    if (!question) {
      shown = "";
      panel.replaceChildren();
      show(false);
      return;
    }
    if (question === shown) return show(true);
    const mine = (asking = new AbortController());
    slow = setTimeout(() => form.setAttribute("aria-busy", "true"), SLOW);
    try {
      const answer = await fetch(`${form.dataset.typing}?q=${encodeURIComponent(question)}`, { signal: mine.signal, headers: { "X-Requested-With": "fetch" } });
      const html = answer.ok && !answer.redirected ? await answer.text() : null;
      if (mine !== asking || question !== words()) return;
      if (html === null) show(false);
      else fill(html, question);
    } catch (error) {
      if (error.name !== "AbortError") show(false);
    } finally {
      // What was typed since waits for its own turn.
      if (mine === asking) settle();
    }
  };

  const askSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  const leave = () => {
    stop();
    show(false);
    if (form.contains(document.activeElement)) document.activeElement.blur();
  };

  // What an input method is still composing is not a word yet. Safari ends the composing before it tells of the key that ended it.
  const isComposing = (event) => event.isComposing || event.keyCode === 229;

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    // Enter searches what stands there now, not what fitted before.
    mark(null);
    if (!event.isComposing) askSoon();
  });
  input.addEventListener("compositionend", askSoon);
  input.addEventListener("focus", (event) => {
    before = event.relatedTarget;
    if (shown && shown === words()) show(true);
  });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) show(false); });
  form.addEventListener("submit", () => {
    stop();
    show(false);
  });
  // A press keeps the words in hand: the keyboard of a phone stays, a link opens.
  panel.addEventListener("pointerdown", (event) => event.preventDefault());
  form.querySelector("[data-closes]")?.addEventListener("click", leave);

  input.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (!panel.hidden) {
        stop();
        show(false);
      } else {
        leave();
        if (before?.isConnected) before.focus({ preventScroll: true });
      }
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && options().length && shown) {
      event.preventDefault();
      if (panel.hidden) show(true);
      const all = options();
      const index = all.indexOf(marked());
      const next = event.key === "ArrowDown" ? index + 1 : index < 0 ? all.length - 1 : index - 1;
      mark(all[next] ?? null);
    } else if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Enter" && marked() && !panel.hidden) {
      event.preventDefault();
      marked().click();
    }
  });

  // On a phone the panel ends above the keyboard.
  const fit = () => panel.style.setProperty("--seen", `${Math.round(window.visualViewport.height)}px`);
  window.visualViewport?.addEventListener("resize", fit);
  window.addEventListener("pagehide", () => {
    stop();
    show(false);
  });
  // Coming back, the box says what the page answers.
  window.addEventListener("pageshow", (event) => { if (event.persisted) input.value = input.defaultValue; });
}
