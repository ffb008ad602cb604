/* A text box that offers while one types: a list of options below it, chosen by arrow keys and Enter, or by the pointer.
   The options come as HTML from `url`, each an element with `data-token`. */
import { isComposing } from "./composing.js";

const PAUSE = 150;

export function combobox(input, { url, onChoose, onEmptyBackspace = () => {} }) {
  const box = document.createElement("ul");
  box.id = `${input.id}_choices`;
  box.className = "choices";
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", input.placeholder);
  box.hidden = true;
  input.after(box);
  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": box.id, "aria-autocomplete": "list" }).forEach(([key, value]) => input.setAttribute(key, value));
  let timer = 0;
  let asked = 0;

  const options = () => [...box.querySelectorAll("[data-token]")];
  const current = () => box.querySelector("[aria-selected=true]");
  const close = () => {
    box.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const select = (option) => {
    current()?.setAttribute("aria-selected", "false");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };
  const offer = async () => {
    const turn = ++asked;
    const response = await fetch(`${url}?q=${encodeURIComponent(input.value)}`, { headers: { "HX-Request": "true" } });
    if (!response.ok || turn !== asked) return;
    box.innerHTML = await response.text();
    options().forEach((option, index) => (option.id = `${box.id}_${index}`));
    box.hidden = box.childElementCount === 0;
    input.setAttribute("aria-expanded", String(!box.hidden));
    if (input.value) select(options()[0]);
  };
  const choose = (option) => {
    input.value = "";
    close();
    input.focus();
    onChoose(option);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(timer);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(offer, PAUSE);
  });
  input.addEventListener("focus", () => input.value === "" && box.childElementCount === 0 && offer());
  input.addEventListener("blur", () => setTimeout(close, PAUSE));
  input.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    const all = options();
    const index = all.indexOf(current());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (box.hidden) offer();
      else select(all[(index + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter") {
      /* Enter chooses here, and never sends the form: not with half a word in it, not where nothing was found, not by a second press after a choice. */
      event.preventDefault();
      if (!box.hidden && current()) choose(current());
    } else if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && input.value === "") {
      onEmptyBackspace();
    }
  });
  box.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[data-token]");
    if (option) choose(option);
  });
}
