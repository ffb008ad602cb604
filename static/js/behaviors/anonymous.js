/* Says in the page, and tells nobody, when what is typed without a name holds the writer's own name, number, telephone, room or department. */
const flat = (text) => text.toLowerCase().replace(/[\s\-_.·]+/g, "");

export default function attach(form) {
  const own = JSON.parse(form.dataset.own || "[]");
  const note = form.querySelector("[data-names]");
  const found = form.querySelector("[data-found]");
  const look = () => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((field) => [...field.files].map((file) => file.name));
    const text = flat([...form.querySelectorAll("textarea, input[type=text]")].map((field) => field.value).concat(files).join("\n"));
    const named = own.filter((word) => text.includes(flat(word)));
    note.hidden = named.length === 0;
    found.textContent = named.join("、");
  };
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  look();
}
