/* "/" searches, "?" lists the keys, "g" and a letter goes to a place. Silent while someone types. */
export default function attach(element) {
  let goesUntil = 0;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    if (Date.now() < goesUntil) {
      goesUntil = 0;
      const place = [...document.querySelectorAll(".rail a[data-key]")].find((link) => link.dataset.key === event.key);
      if (place) {
        event.preventDefault();
        place.click();
      }
    } else if (event.key === "g") {
      goesUntil = Date.now() + 1500;
    } else if (event.key === "?") {
      event.preventDefault();
      element.showModal();
    } else if (event.key === "/") {
      const search = document.querySelector('[data-shortcut="/"]');
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
  });
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
}
