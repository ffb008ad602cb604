/* A key presses what says so by `data-press`, while nobody types and no dialog or menu is open. After "g" the key is a place's. */
const AFTER_G = 1500;

export default function attach(element) {
  let silentUntil = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || !element.isConnected) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open], details.menu[open]")) return;
    if (event.key === "g") silentUntil = Date.now() + AFTER_G;
    if (Date.now() < silentUntil) return;
    const pressed = [...document.querySelectorAll("[data-press]")].find((one) => one.dataset.press === event.key && one.checkVisibility());
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });
}
