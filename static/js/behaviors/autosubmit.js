/* A filter form that is sent when a choice changes; its button is then needless. */
export default function attach(element) {
  for (const button of element.querySelectorAll("[data-part=submit]")) button.hidden = true;
  element.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) element.requestSubmit();
  });
}
