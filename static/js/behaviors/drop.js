/* A file can be dropped or pasted onto its field; the names and sizes of what was chosen are shown. */
export default function attach(element) {
  const input = element.querySelector('input[type="file"]');
  const hint = element.querySelector('[data-part="hint"]');
  if (!input) return;
  if (hint) hint.hidden = false;

  function take(files) {
    if (!files.length || input.disabled) return;
    const transfer = new DataTransfer();
    for (const file of input.multiple ? files : [files[0]]) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function size(bytes) {
    const units = ["B", "kB", "MB", "GB"];
    let index = 0;
    while (bytes >= 1000 && index < units.length - 1) {
      bytes /= 1000;
      index += 1;
    }
    return `${bytes < 10 && index ? bytes.toFixed(1) : Math.round(bytes)} ${units[index]}`;
  }

  for (const name of ["dragover", "dragenter"]) {
    element.addEventListener(name, (event) => {
      event.preventDefault();
      element.classList.add("over");
    });
  }
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  element.addEventListener("paste", (event) => take([...event.clipboardData.files]));
  input.addEventListener("change", () => {
    if (hint) hint.textContent = [...input.files].map((file) => `${file.name} ${size(file.size)}`).join(" · ");
  });
}
