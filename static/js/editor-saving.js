/* In Wagtail's editor what is sent by hand waits for what is being saved by itself: both at once would make two pages, or two drafts. */
const LONGEST = 10_000; // milliseconds; then it is sent all the same

export default function sendAfterSaving(root) {
  let isSaving = false, isSent = false, wait = null;

  const send = () => {
    clearTimeout(wait?.timeout);
    const { form, submitter } = wait;
    wait = null;
    isSent = true;
    if (submitter) submitter.disabled = false; // its own script has put it out of use at the click; a disabled button would not be sent
    form.requestSubmit(submitter);
  };
  root.addEventListener("w-autosave:save", (event) => {
    if (isSent) event.preventDefault();
    else isSaving = true;
  });
  for (const ended of ["w-autosave:success", "w-autosave:error"]) {
    root.addEventListener(ended, () => {
      isSaving = false;
      if (wait) send();
    });
  }
  root.addEventListener("submit", (event) => {
    if (isSent || !event.target.matches("form[data-edit-form]")) return;
    if (!isSaving) {
      isSent = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!wait) wait = { form: event.target, submitter: event.submitter, timeout: setTimeout(() => send(), LONGEST) };
  }, true);
  window.addEventListener("pageshow", () => { isSent = false; });
}
