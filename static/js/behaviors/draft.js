/* Keeps what is typed into a form in this tab until it is sent, so that a reload or an expired sign-in loses nothing. Signing out forgets it. */
const PREFIX = "draft:";
const PAUSE = 400;

export default function attach(form) {
  const key = `${PREFIX}${location.pathname}:${form.id || form.getAttribute("action") || ""}`;
  const fields = () => [...form.elements].filter((field) => field.name && !field.matches("[type=hidden], [type=password], [type=file], button"));
  const write = () => sessionStorage.setItem(key, JSON.stringify(fields().map((field) => [field.name, field.value, field.checked])));
  let timer = 0;

  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept && !form.querySelector(".has-error")) restore(fields(), kept);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sessionStorage.removeItem(key);
  });
}

function restore(fields, kept) {
  let isChanged = false;
  fields.forEach((field, index) => {
    const [name, value, checked] = kept[index] ?? [];
    if (name !== field.name) return;
    const isTick = field.matches("[type=checkbox], [type=radio]");
    if (isTick ? field.value !== value || field.checked === checked : field.value === value) return;
    if (isTick) field.checked = checked;
    else field.value = value;
    isChanged = true;
  });
  if (!isChanged) return;
  const text = document.querySelector("[data-restored]")?.dataset.restored;
  if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "info" } }));
}
