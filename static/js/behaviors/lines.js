/* A table of lines that is written: a paste from a spreadsheet goes to the server, sums follow what is typed, and the keyboard moves as in a sheet. */
import { isComposing } from "../composing.js";

const WAIT = 250;

export default function attach(element) {
  const form = element.closest("form");
  if (!form) return;
  let timer = 0;
  let asked = 0;

  const cells = () => [...element.querySelectorAll("[data-line] td input")];

  /* Whoever asked last is heard. */
  async function reckon() {
    const turn = ++asked;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    body.set("act", "sums");
    const answer = await fetch(form.action || location.href, { method: "POST", body, headers: { "X-Requested-With": "lines" } }).catch(() => null);
    if (!answer?.ok || turn !== asked || answer.headers.get("Content-Type")?.startsWith("application/json") !== true) return;
    show(await answer.json());
  }

  function show({ words, errors }) {
    for (const [id, said] of Object.entries(words)) {
      const place = document.getElementById(id);
      if (place) place.textContent = said;
    }
    for (const row of form.querySelectorAll(".line-error")) {
      row.hidden = true;
      row.lastElementChild.replaceChildren();
    }
    for (const cell of form.querySelectorAll("[data-line] td.wrong")) cell.classList.remove("wrong");
    for (const [id, sentence] of Object.entries(errors)) {
      const place = document.getElementById(id);
      const row = document.getElementById(`${id.split("-").slice(0, 2).join("-")}-error`);
      place?.closest("td")?.classList.add("wrong");
      if (!row) continue;
      row.hidden = false;
      const said = document.createElement("span");
      said.textContent = sentence;
      row.lastElementChild.append(said, " ");
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(reckon, WAIT);
  }

  function go(cell, rows) {
    const [key, number, column] = cell.id.split("-");
    const next = document.getElementById(`${key}-${Number(number) + rows}-${column}`);
    next?.focus();
    next?.select();
    return next;
  }

  function ready() {
    for (const button of element.querySelectorAll("[data-part=remove]")) button.hidden = false;
  }

  element.addEventListener("input", (event) => {
    if (event.target.closest("[data-line]")) later();
  });

  element.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-line] td input");
    if (!cell || isComposing(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      go(cell, event.shiftKey ? -1 : 1);
    } else if (event.key === "d" && event.ctrlKey) {
      event.preventDefault();
      const [key, number, column] = cell.id.split("-");
      const above = document.getElementById(`${key}-${Number(number) - 1}-${column}`);
      if (!above) return;
      cell.value = above.value;
      cell.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  element.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-line] td input");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    element.querySelector(`[name="${element.dataset.key}-paste"]`).value = text;
    element.querySelector("[data-part=at]").value = cell.id;
    element.querySelector("[data-part=paste]").click();
  });

  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-part=remove]");
    if (!button) return;
    const row = button.closest("[data-line]");
    row.querySelector(`[name$="-origin"]`)?.remove();
    for (const cell of row.querySelectorAll("td input")) cell.value = "";
    cells().at(0)?.dispatchEvent(new Event("input", { bubbles: true }));
    row.querySelector("td input")?.focus();
  });

  element.addEventListener("htmx:afterSwap", ready);
  ready();
}
