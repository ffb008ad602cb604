/* Takes the focus when it appears, e.g. the summary of a form's errors; not where the form says which field is to be written first. */
export default function attach(element) {
  if (element.closest("form")?.querySelector("[autofocus]")) return;
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}
