/* Offers whom one can call while one types @ and what a name begins with; the server answers with options. The text stays plain: @ and a name. */
import { isComposing } from "../composing.js";

const PAUSE = 150;
const CALL = /(?:^|[^A-Za-z0-9._%+-])[@＠]([^\s@＠]{1,20})$/;

export function attachCalls(element, editor, label) {
  const text = editor.view.dom;
  const box = document.createElement("ul");
  box.id = `${element.querySelector("textarea").id}_calls`;
  box.className = "choices";
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", label);
  box.hidden = true;
  element.append(box);
  text.setAttribute("aria-controls", box.id);
  let timer = 0;
  let asked = 0;
  let typed = "";

  const options = () => [...box.querySelectorAll("[data-call]")];
  const current = () => box.querySelector("[aria-selected=true]");
  const select = (option) => {
    current()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    text.setAttribute("aria-activedescendant", option.id);
  };
  const close = () => {
    clearTimeout(timer);
    asked += 1;
    box.hidden = true;
    text.removeAttribute("aria-activedescendant");
  };
  /* What stands between the @ and the caret. */
  const typedCall = () => {
    const { empty, $from } = editor.state.selection;
    if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code) return "";
    return $from.parent.textBetween(0, $from.parentOffset, "\n", "\n").match(CALL)?.[1] ?? "";
  };
  const place = () => {
    const caret = editor.view.coordsAtPos(editor.state.selection.from);
    const around = element.getBoundingClientRect();
    box.style.top = `${caret.bottom - around.top + 4}px`;
    box.style.left = `${Math.max(0, Math.min(caret.left - around.left, around.width - box.offsetWidth))}px`;
  };
  const offer = async () => {
    const turn = ++asked;
    const response = await fetch(`${element.dataset.calls}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } });
    const html = response.ok ? await response.text() : "";
    if (turn !== asked) return;
    box.innerHTML = html;
    box.hidden = options().length === 0;
    if (box.hidden) return;
    options().forEach((option, index) => { option.id = `${box.id}_${index}`; });
    place();
    select(options()[0]);
  };
  const choose = (option) => {
    const { from } = editor.state.selection;
    editor.chain().focus().insertContentAt({ from: from - typed.length, to: from }, [{ type: "text", text: `${option.dataset.call} ` }]).run();
    close();
  };

  editor.on("transaction", ({ transaction }) => {
    if (!transaction.docChanged && !transaction.selectionSet) return;
    const now = typedCall();
    if (now === typed && !transaction.docChanged) return;
    typed = now;
    if (!typed) return close();
    clearTimeout(timer);
    timer = setTimeout(offer, PAUSE);
  });
  text.addEventListener("keydown", (event) => {
    if (box.hidden || isComposing(event)) return;
    const all = options();
    const index = all.indexOf(current());
    if (event.key === "ArrowDown") select(all[(index + 1) % all.length]);
    else if (event.key === "ArrowUp") select(all.at(index - 1));
    else if (event.key === "Enter" || event.key === "Tab") choose(current());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  box.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[data-call]");
    if (option) choose(option);
  });
  editor.on("blur", close);
}
