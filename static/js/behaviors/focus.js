/* Takes the focus when it appears, e.g. the summary of a form's errors. */
export default function attach(element) {
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}
