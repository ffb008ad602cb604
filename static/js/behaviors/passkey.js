/* A passkey needs a browser that knows it, and an address that is secure; elsewhere it is not offered. */
export default function attach(form) {
  form.hidden = !window.PublicKeyCredential;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: form.dataset.failed, kind: "error" } }));
  });
}
