/* The box at the top: results while one types, walked with the arrows. Enter opens the marked one, or searches; the newest question wins. */
const PAUSE = 120;

export default function attach(form) {
  const input = form.querySelector("input[type=search]");
  const panel = form.querySelector("[role=listbox]");
  let timer = 0;
  let asking = null;
  let shown = "";

  const options = () => [...panel.querySelectorAll("[role=option]")];
  const marked = () => panel.querySelector("[aria-selected=true]");

  const show = (isOpen) => {
    panel.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen && options().length > 0));
    if (!isOpen) mark(null);
  };

  const mark = (option) => {
    marked()?.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const ask = async () => {
    const words = input.value.trim();
    asking?.abort();
    if (!words) {
      shown = "";
      panel.replaceChildren();
      show(false);
      return;
    }
    if (words === shown) return show(true);
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.typing}?q=${encodeURIComponent(words)}`, { signal: asking.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return;
      const html = await answer.text();
      if (words !== input.value.trim()) return;
      panel.innerHTML = html;
      shown = words;
      show(document.activeElement === input);
    } catch (error) {
      if (error.name !== "AbortError") show(false);
    }
  };

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    // What an input method is still composing is not a word yet.
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("focus", () => { if (shown && shown === input.value.trim()) show(true); });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) show(false); });
  panel.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      show(false);
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && options().length) {
      event.preventDefault();
      if (panel.hidden) show(true);
      const all = options();
      const index = all.indexOf(marked());
      const next = event.key === "ArrowDown" ? index + 1 : index < 0 ? all.length - 1 : index - 1;
      mark(all[next] ?? null);
    } else if (event.key === "Enter" && marked() && !panel.hidden && !event.shiftKey) {
      event.preventDefault();
      marked().click();
    } else if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
