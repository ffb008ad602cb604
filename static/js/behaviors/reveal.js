/* For words that are true only where scripts run. */
export default function attach(element) {
  element.hidden = false;
}
