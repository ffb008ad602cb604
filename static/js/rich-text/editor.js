/* The editor: a text area, the toolbar that the template wrote, and between them TipTap. What is written stands in the text area at once. */
import { Editor } from "../tiptap.js";
import { attachCalls } from "./calls.js";
import { Pictures } from "./pictures.js";
import { extensions } from "./schema.js";
import { prepare, tidy } from "./tidy.js";
import { attachToolbar } from "./toolbar.js";

export function startEditor(element) {
  const textarea = element.querySelector("textarea");
  const status = element.querySelector(".rich-text-status");
  const say = (text, isWrong = false) => {
    status.textContent = text;
    status.classList.toggle("wrong", isWrong);
  };
  const labels = JSON.parse(element.dataset.labels);
  const pictures = new Pictures(element, labels, say);
  const label = textarea.labels?.[0];
  const place = document.createElement("div");
  place.className = "rich-text-area";
  textarea.before(place);

  const editor = new Editor({
    element: place,
    injectCSS: false,
    extensions: extensions(labels),
    content: prepare(asMarkup(textarea.value)),
    editable: !textarea.disabled && !textarea.readOnly,
    editorProps: {
      attributes: { class: "prose", role: "textbox", "aria-multiline": "true", ...described(textarea, label) },
      transformPastedHTML: (html) => tidy(html, { takePicture: (blob) => pictures.take(blob), missing: labels.missing, tellMissing: () => say(labels.notAlong, true) }),
      handlePaste: (view, event) => takeFiles(editor, pictures, event, event.clipboardData, null),
      handleDrop: (view, event) => takeFiles(editor, pictures, event, event.dataTransfer, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos, () => say(labels.onlyPictures, true)),
    },
    onUpdate: () => {
      pictures.sendWaiting(editor);
      write(isEmpty(editor.state.doc) ? "" : editor.getHTML());
    },
  });
  const write = follow(textarea, (html) => editor.commands.setContent(prepare(asMarkup(html)), { emitUpdate: false }));
  textarea.hidden = true;
  textarea.required = false;
  label?.addEventListener("click", () => editor.view.focus());
  if (element.dataset.calls) attachCalls(element, editor, labels.calls);
  attachToolbar(element, editor, labels, (files) => pictures.insert(editor, files));
  element.classList.add("on");
  element.dispatchEvent(new CustomEvent("rich-text:ready", { bubbles: true, detail: { editor } }));
}

const isEmpty = (doc) => doc.content.content.every((block) => block.type.name === "paragraph" && block.content.size === 0);

/* Whoever sets the text area's value (a draft that is restored, a form that is reset) sets the editor's text. */
function follow(textarea, take) {
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
  Object.defineProperty(textarea, "value", {
    configurable: true,
    get,
    set(html) {
      set.call(this, html);
      take(html);
    },
  });
  textarea.form?.addEventListener("reset", () => queueMicrotask(() => take(get.call(textarea))));
  return (html) => {
    set.call(textarea, html);
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  };
}

function asMarkup(text) {
  if (/<\/?[a-z][^>]*>/i.test(text)) return text;
  const sign = (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character];
  return text.trim().split(/\n\s*\n/).filter(Boolean).map((part) => `<p>${part.replace(/[&<>]/g, sign).replaceAll("\n", "<br>")}</p>`).join("");
}

function described(textarea, label) {
  const attributes = {};
  for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
  if (label) {
    label.id ||= `${textarea.id}_label`;
    attributes["aria-labelledby"] = label.id;
  }
  return attributes;
}

/* A spreadsheet's clipboard has its cells as HTML and as a picture: the HTML is meant. */
function takeFiles(editor, pictures, event, transfer, position, refuse) {
  const files = [...(transfer?.files ?? [])];
  if (!files.length) return false;
  const html = transfer.getData("text/html");
  if (html && /\S/.test(html.replace(/<(style|script|head)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<[^>]*>|&nbsp;/gi, ""))) return false;
  const images = files.filter((file) => file.type.startsWith("image/"));
  event.preventDefault();
  if (images.length && pictures.isOpen) pictures.insert(editor, images, position);
  if (images.length < files.length || !pictures.isOpen) refuse?.();
  return true;
}
