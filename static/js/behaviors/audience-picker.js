/* The audience picker as a combobox: offers while one types, shows what is chosen as tokens, says how many people it reaches. */
const PAUSE = 150;

export default function attach(picker) {
  const field = picker.dataset.field;
  const reach = picker.querySelector(".reach");

  let asked = 0;

  /* Whoever asked last is heard. */
  const showReach = async () => {
    const turn = ++asked;
    const chosen = new URLSearchParams([["field", field]]);
    for (const control of picker.querySelectorAll("input[type=checkbox]:checked, select")) chosen.append(control.name, control.value);
    const response = await fetch(`${picker.dataset.reach}?${chosen}`, { headers: { "HX-Request": "true" } });
    const html = response.ok ? await response.text() : null;
    if (html !== null && turn === asked) reach.innerHTML = html;
  };

  picker.addEventListener("change", (event) => {
    if (event.target.matches(".token input")) {
      const part = event.target.closest(".audience-part");
      event.target.closest(".token").remove();
      part.querySelector(".audience-typed").focus();
    }
    if (!event.target.matches(".audience-typed")) showReach();
  });
  for (const part of picker.querySelectorAll(".audience-part")) attachPart(part, picker, `${field}_${part.dataset.part}`, showReach);
  showReach();
}

function attachPart(part, picker, name, onChosen) {
  const input = part.querySelector(".audience-typed");
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
    const response = await fetch(`${picker.dataset.choices}?q=${encodeURIComponent(input.value)}`, { headers: { "HX-Request": "true" } });
    if (!response.ok || turn !== asked) return;
    box.innerHTML = await response.text();
    options().forEach((option, index) => (option.id = `${box.id}_${index}`));
    box.hidden = box.childElementCount === 0;
    input.setAttribute("aria-expanded", String(!box.hidden));
    if (input.value) select(options()[0]);
  };
  const choose = (option) => {
    if (!part.querySelector(`input[value="${CSS.escape(option.dataset.token)}"]`)) {
      const token = document.createElement("label");
      token.className = part.dataset.part === "exclude" ? "token not" : "token";
      const tick = Object.assign(document.createElement("input"), { type: "checkbox", name, value: option.dataset.token, checked: true });
      token.append(tick, option.dataset.label);
      input.before(token);
    }
    input.value = "";
    close();
    input.focus();
    onChosen();
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
    const all = options();
    const index = all.indexOf(current());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (box.hidden) offer();
      else select(all[(index + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && !box.hidden && current()) {
      event.preventDefault();
      choose(current());
    } else if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && input.value === "") {
      const last = [...part.querySelectorAll(".token input")].at(-1);
      if (last) {
        last.closest(".token").remove();
        onChosen();
      }
    }
  });
  box.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[data-token]");
    if (option) choose(option);
  });
}
