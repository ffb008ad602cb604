/* One socket for the page. An element with `data-topic` gets the event `rung` when something has changed there, after every
   break, and at intervals where sockets are blocked; it then asks over HTTP what is new. */
const SIGNED_OUT = 4401;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const ASK_WITHOUT_SOCKET = 30000;
const ASK_WITH_SOCKET = 300000;

const topics = () => [...new Set([...document.querySelectorAll("[data-topic]")].map((element) => element.dataset.topic))];

const ring = (concerns = () => true) => {
  for (const element of document.querySelectorAll("[data-topic]")) {
    if (concerns(element.dataset)) element.dispatchEvent(new CustomEvent("rung"));
  }
};

const address = (given) => (given.startsWith("ws") ? given : `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${given}`);

export default function attach(element) {
  if (!element.dataset.socket) return;
  let socket = null;
  let wait = FIRST_WAIT;
  let wasOpen = false;
  let askedAt = Date.now();
  let mustRing = false;

  const listen = () => {
    if (socket?.readyState === WebSocket.OPEN && topics().length) socket.send(JSON.stringify({ listen: topics() }));
  };

  const open = () => {
    socket = new WebSocket(address(element.dataset.socket));
    socket.addEventListener("open", () => {
      wait = FIRST_WAIT;
      mustRing = wasOpen;
      listen();
    });
    socket.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      if (message.topic) ring(({ topic }) => topic === message.topic);
      else if (message.listening) {
        /* After a break everything asks; else only what is behind, for what is rung may load a part anew, which listens again. */
        ring(({ topic, cursor }) => mustRing || message.refused?.length || Number(cursor) < message.cursors?.[topic]);
        mustRing = false;
        wasOpen = true;
        element.dataset.live = "socket";
      }
    });
    socket.addEventListener("close", (event) => {
      element.dataset.live = "asking";
      if (event.code === SIGNED_OUT) {
        ring();
        return;
      }
      setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  };

  setInterval(() => {
    const pause = socket?.readyState === WebSocket.OPEN ? ASK_WITH_SOCKET : ASK_WITHOUT_SOCKET;
    if (document.visibilityState === "visible" && Date.now() - askedAt >= pause) {
      askedAt = Date.now();
      ring();
    }
  }, 5000);
  document.addEventListener("htmx:load", listen);
  window.addEventListener("online", () => socket?.readyState > WebSocket.OPEN && open());
  open();
}
