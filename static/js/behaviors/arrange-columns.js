/* Columns of a list are moved by two buttons; the order of the boxes is the order in which they are sent. */
export default function attach(element) {
  for (const button of element.querySelectorAll("[data-step]")) button.hidden = false;
  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const item = button.closest("li");
    const first = item.parentElement.firstElementChild;
    const other = button.dataset.step === "-1" ? item.previousElementSibling : item.nextElementSibling;
    if (!other || other === first) return;
    if (button.dataset.step === "-1") other.before(item);
    else other.after(item);
    button.focus();
  });
}
