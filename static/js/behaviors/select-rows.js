/* Choosing rows of a list: the box in the head chooses all, "x" the row that has the focus; what can be done shows once a row is chosen. */
export default function attach(form) {
  const all = form.querySelector("[data-part=all]");
  const acts = form.querySelector("[data-part=acts]");
  const count = form.querySelector("[data-part=count]");
  const boxes = () => [...form.querySelectorAll("input[name=row]")];

  const update = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    acts.hidden = chosen === 0;
    count.textContent = chosen ? String(chosen) : "";
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  };
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    update();
  });
  form.addEventListener("change", update);
  document.addEventListener("keydown", (event) => {
    if (!form.isConnected || event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]")) return;
    const box = document.activeElement.closest("tr")?.querySelector("input[name=row]");
    if (!box || !form.contains(box)) return;
    event.preventDefault();
    box.checked = !box.checked;
    update();
  });
  update();
}
