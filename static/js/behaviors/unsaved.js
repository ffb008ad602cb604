/* Asks before the page is left with unsaved work. */
export default function attach(element) {
  let isSent = false;
  const state = () => JSON.stringify([...new FormData(element)].filter(([name]) => name !== "csrfmiddlewaretoken").map(([name, value]) => [name, value.name ?? value]));
  const before = state();

  element.addEventListener("submit", () => { isSent = true; });
  element.addEventListener("htmx:afterRequest", (event) => { isSent = event.detail.successful; });
  addEventListener("beforeunload", (event) => {
    if (!isSent && element.isConnected && state() !== before) event.preventDefault();
  });
}
