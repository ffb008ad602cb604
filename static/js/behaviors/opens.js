/* Opens the dialog named by data-dialog; without a script its link goes to a page of the same content. */
export default function attach(element) {
  const dialog = document.getElementById(element.dataset.dialog);
  if (!dialog) return;
  element.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-closes]")) dialog.close();
  });
}
