/* What is marked in the text goes with the link that suggests a change, with the heading that it stands under. */
const LONGEST = 600;

export default function attach(element) {
  const link = document.querySelector("[data-quote]");
  if (!link) return;
  const plain = link.getAttribute("href");
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = selection.toString().trim().slice(0, LONGEST);
    const here = selection.anchorNode;
    if (!words || !here || !element.contains(here)) return;
    link.href = `${plain}?${new URLSearchParams({ quoted: words, anchor: headingBefore(element, here) })}`;
  });
}

function headingBefore(element, node) {
  let found = "";
  for (const heading of element.querySelectorAll(":is(h2, h3, h4)[id]")) {
    const place = heading.compareDocumentPosition(node);
    if (heading.contains(node) || place & Node.DOCUMENT_POSITION_FOLLOWING) found = heading.id;
  }
  return found;
}
