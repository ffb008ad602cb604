/* Changes the theme at once and stores it without leaving the page. Without a script the form is sent. */
export default function attach(element) {
  const next = { system: "light", light: "dark", dark: "system" };
  const button = element.querySelector("button");

  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const root = document.documentElement;
    const theme = next[root.dataset.theme] ?? "light";
    root.dataset.theme = theme;
    const body = new FormData(element);
    body.set("value", theme);
    button.value = next[theme];
    try {
      await fetch(element.action, { method: "POST", body, redirect: "manual" });
    } catch {
      element.submit();
    }
  });
}
