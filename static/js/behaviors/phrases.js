/* Phrases that are put into the field beside them by one press. */
export default function attach(element) {
  const field = element.querySelector("textarea");
  const phrases = element.querySelector(".phrases");
  if (!field || !phrases) return;
  phrases.hidden = false;
  phrases.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    if (!phrase) return;
    field.value = field.value.trim() ? `${field.value.trimEnd()} ${phrase.dataset.phrase}` : phrase.dataset.phrase;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
