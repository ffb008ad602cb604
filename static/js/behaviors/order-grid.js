/* Quantities by the keyboard alone: arrows go up and down between them, and Enter in the field that finds another product goes to the first one found. */
import { isComposing } from "../composing.js";

export default function attach(grid) {
  const quantities = () => [...grid.querySelectorAll("input[name^='q-']")];

  grid.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.target.name === "add" && event.key === "Enter") {
      event.preventDefault();
      grid.querySelector("#added input[name^='q-']")?.focus();
      return;
    }
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!way || !event.target.name?.startsWith("q-")) return;
    event.preventDefault();
    const all = quantities();
    const next = all[all.indexOf(event.target) + way] ?? (way > 0 ? grid.querySelector("[name=add]") : null);
    next?.focus();
    next?.select?.();
  });
}
