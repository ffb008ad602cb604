/* Makes an editor of a text area. The editor itself is fetched here, by pages that have one; until then, and without it, the text area is there. */
export default async function attach(element) {
  if ("attached" in element.dataset) return;
  element.dataset.attached = "";
  const { startEditor } = await import("../rich-text/editor.js");
  startEditor(element);
}
