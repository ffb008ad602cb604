/* "j" and "k" walk a list: they focus the link of the next or previous row, so that Enter opens it. */
export default function attach(element) {
  const links = () =>
    [...element.querySelectorAll(".item, tbody tr, :scope > li, .rows > li")]
      .map((row) => (row.matches("a[href]") ? row : row.querySelector("a.title[href], a[href]")))
      .filter((link, index, all) => link && all.indexOf(link) === index && link.checkVisibility());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
    if (!element.isConnected || event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const list = document.activeElement.closest("[data-behavior~=walk]") ?? document.querySelector("[data-behavior~=walk]");
    if (list !== element) return;
    const all = links();
    if (!all.length) return;
    const row = document.activeElement.closest(".item, tr, li");
    const index = all.findIndex((link) => link === document.activeElement || (row && element.contains(row) && row.contains(link)));
    const next = index < 0 ? 0 : index + (event.key === "j" ? 1 : -1);
    if (next < 0 || next >= all.length) return;
    event.preventDefault();
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  });
}
