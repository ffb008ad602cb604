/* Shown while the browser has no connection. */
export default function attach(element) {
  const update = () => { element.hidden = navigator.onLine; };
  addEventListener("online", update);
  addEventListener("offline", update);
  update();
}
