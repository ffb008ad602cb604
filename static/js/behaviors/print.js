/* A button that prints the page. */
export default function attach(button) {
  button.addEventListener("click", () => window.print());
}
