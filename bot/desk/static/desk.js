// What pages do a little better with JavaScript. Nothing here is needed to work.

// Somebody who listens to the page hears first what went wrong.
const trouble = document.querySelector(".error-summary, .notice.warn");
if (trouble) trouble.focus();

// The polled fragment rests while nobody looks at the page, and while the server is away.
const REST_MS = 60_000;
let resting = false;

function wake() {
  resting = false;
  if (document.querySelector("#news") && window.htmx) window.htmx.trigger("#news", "wake");
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.elt.matches("[data-poll]")) {
    event.preventDefault();
    resting = true;
  }
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && resting) wake();
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => setTimeout(wake, REST_MS));
}
