/* Messages can be dismissed; those of success leave by themselves. Shows `toast` events: {text, kind}, also from htmx's HX-Trigger. */
export default function attach(element) {
  const leaveAfter = 6000;

  function prepare(toast) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.setAttribute("aria-label", element.dataset.dismiss);
    button.append("×");
    button.addEventListener("click", () => toast.remove());
    toast.append(button);
    if (toast.matches(".success, .info")) leave(toast);
  }

  function leave(toast) {
    let timer = setTimeout(() => toast.remove(), leaveAfter);
    const stay = () => clearTimeout(timer);
    const resume = () => {
      stay();
      timer = setTimeout(() => toast.remove(), leaveAfter);
    };
    toast.addEventListener("pointerenter", stay);
    toast.addEventListener("focusin", stay);
    toast.addEventListener("pointerleave", resume);
    toast.addEventListener("focusout", resume);
  }

  function show(text, kind = "info") {
    const toast = document.createElement("div");
    toast.className = `toast ${kind}`;
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    toast.append(paragraph);
    element.append(toast);
    prepare(toast);
  }

  for (const toast of element.querySelectorAll(".toast")) prepare(toast);
  document.addEventListener("toast", (event) => show(event.detail.text ?? event.detail.value, event.detail.kind));
  document.addEventListener("htmx:sendError", () => show(element.dataset.unreachable, "error"));
  document.addEventListener("htmx:timeout", () => show(element.dataset.unreachable, "error"));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.elt.hasAttribute("data-quiet")) return; // it asked by itself, and nobody waits for it
    const request = event.detail.xhr;
    const isPlain = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/plain") || request.getResponseHeader("X-Sentence") !== null;
    const sentence = isPlain ? request.responseText.trim() : "";
    show(sentence && sentence.length < 300 ? sentence : { 403: element.dataset.forbidden, 404: element.dataset.gone, 410: element.dataset.gone }[request.status] ?? element.dataset.failed, "error");
  });
}
