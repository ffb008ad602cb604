/* The toolbar: one stop of the Tab key, arrows inside it, Alt+F10 to it from the text and Escape back. */
import { isComposing } from "../composing.js";

const COMMANDS = {
  heading: (chain) => chain.toggleHeading({ level: 2 }),
  subheading: (chain) => chain.toggleHeading({ level: 3 }),
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  underline: (chain) => chain.toggleUnderline(),
  numbers: (chain) => chain.toggleOrderedList(),
  bullets: (chain) => chain.toggleBulletList(),
  quote: (chain) => chain.toggleBlockquote(),
  center: (chain, editor) => side(chain, editor, "center"),
  right: (chain, editor) => side(chain, editor, "right"),
  table: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
  "row-after": (chain) => chain.addRowAfter(),
  "column-after": (chain) => chain.addColumnAfter(),
  "row-removal": (chain) => chain.deleteRow(),
  "column-removal": (chain) => chain.deleteColumn(),
  "header-row": (chain) => chain.toggleHeaderRow(),
  "cell-merge": (chain) => chain.mergeOrSplit(),
  "table-removal": (chain) => chain.deleteTable(),
  plain: (chain) => chain.unsetAllMarks().clearNodes(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};
const STATES = {
  heading: (editor) => editor.isActive("heading", { level: 2 }),
  subheading: (editor) => editor.isActive("heading", { level: 3 }),
  bold: (editor) => editor.isActive("bold"),
  italic: (editor) => editor.isActive("italic"),
  underline: (editor) => editor.isActive("underline"),
  numbers: (editor) => editor.isActive("orderedList"),
  bullets: (editor) => editor.isActive("bulletList"),
  quote: (editor) => editor.isActive("blockquote"),
  center: (editor) => editor.isActive({ align: "center" }),
  right: (editor) => editor.isActive({ align: "right" }),
  link: (editor) => editor.isActive("link"),
};

const side = (chain, editor, align) => {
  const value = editor.isActive({ align }) ? null : align;
  return chain.updateAttributes("paragraph", { align: value }).updateAttributes("heading", { align: value });
};

export function attachToolbar(element, editor, labels, insertPictures) {
  const bar = element.querySelector("[role=toolbar]");
  const buttons = [...bar.querySelectorAll("[data-command]")];
  const tableButtons = bar.querySelector("[data-part=table]");
  const chooser = element.querySelector("[data-part=pictures]");
  const link = attachLink(element, editor);
  const shown = () => buttons.filter((button) => button.offsetParent !== null && !button.disabled);
  const stopAt = (button) => buttons.forEach((other) => { other.tabIndex = other === button ? 0 : -1; });

  const show = () => {
    tableButtons.hidden = !editor.isActive("table");
    for (const button of buttons) {
      const isOn = STATES[button.dataset.command]?.(editor);
      if (isOn !== undefined) button.setAttribute("aria-pressed", String(isOn));
      if (button.dataset.command === "undo") button.disabled = !editor.can().undo();
      if (button.dataset.command === "redo") button.disabled = !editor.can().redo();
    }
    if (!shown().some((button) => button.tabIndex === 0)) stopAt(shown()[0]);
  };

  bar.hidden = false;
  bar.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-command]");
    if (!button) return;
    stopAt(button);
    const name = button.dataset.command;
    if (name === "link") link.open();
    else if (name === "picture") chooser.click();
    else {
      editor.view.focus();
      COMMANDS[name](editor.chain(), editor).run();
    }
    show();
  });
  bar.addEventListener("keydown", (event) => {
    const all = shown();
    const index = all.indexOf(document.activeElement);
    const steps = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 };
    if (event.key === "Escape") editor.view.focus();
    if (!(event.key in steps)) return;
    event.preventDefault();
    const next = all.at(steps[event.key] % all.length);
    stopAt(next);
    next.focus();
  });
  chooser?.addEventListener("change", () => {
    if (chooser.files.length) insertPictures([...chooser.files]);
    chooser.value = "";
  });
  editor.view.dom.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "F10") {
      event.preventDefault();
      (shown().find((button) => button.tabIndex === 0) ?? shown()[0]).focus();
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      event.stopPropagation();
      link.open();
    }
  }, true);
  editor.on("transaction", show);
  stopAt(buttons[0]);
  show();
}

/* The address of a link, asked for under the toolbar. */
function attachLink(element, editor) {
  const box = element.querySelector(".rich-text-link");
  const input = box.querySelector("input");
  const close = () => {
    box.hidden = true;
    editor.view.focus();
  };
  const apply = () => {
    const address = complete(input.value.trim());
    const chain = editor.chain().extendMarkRange("link");
    if (!address) chain.unsetLink().run();
    else if (editor.state.selection.empty && !editor.isActive("link")) chain.insertContent({ type: "text", text: address, marks: [{ type: "link", attrs: { href: address } }] }).run();
    else chain.setLink({ href: address }).run();
    close();
  };
  box.addEventListener("click", (event) => {
    const part = event.target.closest("button")?.dataset.part;
    if (part === "apply") apply();
    if (part === "remove") {
      input.value = "";
      apply();
    }
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === input && !isComposing(event)) {
      event.preventDefault();
      apply();
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });
  for (const name of ["input", "change"]) input.addEventListener(name, (event) => event.stopPropagation());
  return {
    open() {
      input.value = editor.getAttributes("link").href ?? "";
      box.querySelector("[data-part=remove]").hidden = !editor.isActive("link");
      box.hidden = false;
      input.focus();
      input.select();
    },
  };
}

function complete(address) {
  if (!address || /^(https?:\/\/|mailto:|tel:|\/(?!\/))/i.test(address)) return address;
  return /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(address) ? `mailto:${address}` : `https://${address}`;
}
