/* A <details> menu that closes by Escape, by a press elsewhere, and when another one opens. */
export default function attach(element) {
  const close = () => { element.open = false; };
  document.addEventListener("pointerdown", (event) => {
    if (element.open && !element.contains(event.target)) close();
  });
  element.addEventListener("focusout", (event) => {
    if (element.open && event.relatedTarget && !element.contains(event.relatedTarget)) close();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && element.open) {
      close();
      element.querySelector("summary").focus();
      event.stopPropagation();
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const entries = [...element.querySelectorAll(":scope > :not(summary) :is(a[href], button:not(:disabled))")];
    if (!entries.length) return;
    event.preventDefault();
    element.open = true;
    const step = event.key === "ArrowDown" ? 1 : -1;
    const index = entries.indexOf(document.activeElement);
    entries[index < 0 ? (step > 0 ? 0 : entries.length - 1) : (index + step + entries.length) % entries.length].focus();
  });
}
