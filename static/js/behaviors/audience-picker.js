/* The audience picker as a combobox: offers while one types, shows what is chosen as tokens, says how many people it reaches. */
import { combobox } from "../combobox.js";

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
  const onChoose = (option) => {
    if (!part.querySelector(`input[value="${CSS.escape(option.dataset.token)}"]`)) {
      const token = document.createElement("label");
      token.className = part.dataset.part === "exclude" ? "token not" : "token";
      const tick = Object.assign(document.createElement("input"), { type: "checkbox", name, value: option.dataset.token, checked: true });
      token.append(tick, option.dataset.label);
      input.before(token);
    }
    onChosen();
  };
  const onEmptyBackspace = () => {
    const last = [...part.querySelectorAll(".token input")].at(-1);
    if (!last) return;
    last.closest(".token").remove();
    onChosen();
  };
  combobox(input, { url: picker.dataset.choices, onChoose, onEmptyBackspace });
}
