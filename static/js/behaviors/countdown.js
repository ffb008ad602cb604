/* Counts the seconds until what waits goes; the server's clock decides, this only says it. Moments further away stay as they are written. */
const SOON = 120;

export default function attach(element) {
  const due = Date.parse(element.dataset.due);
  const says = element.querySelector('[data-part="says"]');
  const say = () => {
    const left = Math.ceil((due - Date.now()) / 1000);
    if (left > SOON) return;
    says.textContent = left > 0 ? element.dataset.words.replace("%s", left) : element.dataset.over;
    if (left <= 0) clearInterval(timer);
  };
  const timer = setInterval(say, 1000);
  say();
}
