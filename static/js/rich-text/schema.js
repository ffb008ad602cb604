/* What a text may hold, as the server stores it: see portal/foundation/rich_text. */
import {
  Blockquote, Bold, BulletList, Code, CodeBlock, Document, Dropcursor, Extension, Gapcursor, HardBreak, Heading, HorizontalRule, Italic, Link, ListItem, Node, OrderedList,
  Paragraph, Placeholder, Strike, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Text, TrailingNode, Underline, UndoRedo,
} from "../tiptap.js";

const SIDES = ["center", "right"];
const PICTURE = 'img[src^="/files/"]';

const Alignment = Extension.create({
  name: "alignment",
  addGlobalAttributes: () => [{
    types: ["paragraph", "heading"],
    attributes: {
      align: {
        default: null,
        parseHTML: (element) => SIDES.find((side) => element.classList.contains(side) || element.style.textAlign === side || element.getAttribute("align") === side) ?? null,
        renderHTML: ({ align }) => (align ? { class: align } : {}),
      },
    },
  }],
});

const pictureAttributes = () => ({ src: { default: null }, alt: { default: "" } });

const Picture = Node.create({
  name: "picture",
  group: "inline",
  inline: true,
  draggable: true,
  addAttributes: pictureAttributes,
  parseHTML: () => [{ tag: PICTURE }],
  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
});

const Figure = (caption) => Node.create({
  name: "figure",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,
  addAttributes: pictureAttributes,
  parseHTML: () => [{
    tag: "figure",
    getAttrs: (element) => {
      const picture = element.querySelector(PICTURE);
      return picture ? { src: picture.getAttribute("src"), alt: picture.getAttribute("alt") ?? "" } : false;
    },
    contentElement: (element) => element.querySelector("figcaption") ?? document.createElement("figcaption"),
  }],
  renderHTML: ({ HTMLAttributes }) => ["figure", ["img", HTMLAttributes], ["figcaption", { "data-placeholder": caption }, 0]],
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { $from } = editor.state.selection;
        if ($from.parent.type.name !== "figure") return false;
        const after = $from.after();
        return editor.chain().insertContentAt(after, { type: "paragraph" }).setTextSelection(after + 1).run();
      },
    };
  },
});

/* Stands where a picture will be, while it is on its way, or, without a key, where one did not come along. The server leaves it out. */
const Arriving = Node.create({
  name: "arriving",
  group: "block",
  atom: true,
  addAttributes: () => ({
    key: { default: "", parseHTML: (element) => element.dataset.arriving, renderHTML: ({ key }) => ({ "data-arriving": key }) },
    name: { default: "", parseHTML: (element) => element.dataset.name, renderHTML: ({ name }) => ({ "data-name": name }) },
  }),
  parseHTML: () => [{ tag: "figure[data-arriving]", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes],
});

/* Tab walks through the cells and leaves the table behind the last one, Shift+Tab before the first, Escape at once: then Tab goes on to what stands below. */
function leaveTable(editor, isBack) {
  const { $from } = editor.state.selection;
  let depth = $from.depth;
  while (depth > 0 && $from.node(depth).type.name !== "table") depth -= 1;
  if (depth === 0) return false;
  const place = isBack ? $from.before(depth) - 1 : $from.after(depth) + 1;
  return place > 0 && editor.chain().setTextSelection(place).scrollIntoView().run();
}

const LeftTable = Table.extend({
  addKeyboardShortcuts() {
    const inTable = (act) => ({ editor }) => editor.isActive("table") && act(editor);
    return {
      ...this.parent?.(),
      Tab: inTable((editor) => editor.commands.goToNextCell() || leaveTable(editor, false)),
      "Shift-Tab": inTable((editor) => editor.commands.goToPreviousCell() || leaveTable(editor, true)),
      Escape: inTable((editor) => leaveTable(editor, false)),
    };
  },
});

export const extensions = (labels) => [
  Document, Text, Paragraph.extend({ defining: true }), Heading.configure({ levels: [2, 3, 4] }), Blockquote, BulletList, OrderedList, ListItem, CodeBlock, HardBreak, HorizontalRule,
  Bold, Italic, Underline, Strike, Subscript, Superscript, Code,
  Link.configure({ openOnClick: false, autolink: true, protocols: ["tel"], HTMLAttributes: { target: null, rel: null, class: null } }),
  LeftTable.configure({ resizable: false }), TableRow, TableHeader, TableCell,
  Alignment, Picture, Figure(labels.caption), Arriving,
  Dropcursor, Gapcursor, TrailingNode, UndoRedo, Placeholder.configure({ placeholder: labels.placeholder ?? "" }),
];
