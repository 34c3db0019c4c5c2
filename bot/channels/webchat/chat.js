// The page: joins what is said (view), what is asked for (controls) and what is sent (sending).
import { show, showMine, clear } from "./view.js";
import { offer } from "./controls.js";
import { Outbox } from "./sending.js";
import { prepare, TooLarge } from "./photos.js";

const $ = (id) => document.getElementById(id);
const log = $("log"), field = $("noi-dung"), limit = Number(document.body.dataset.limit) * 0.7;
const seen = new Set();
let last = 0;

const outbox = new Outbox({
  answered: hear,
  busy: (on) => { $("typing").hidden = !on; if (on) scroll(); },
  waiting: (on) => {
    $("connection").textContent = on ? "Chưa gửi được, đang thử lại. Tin của anh/chị vẫn được giữ ở đây." : "";
  },
});

// ---- what is said

function hear(messages) {
  const before = log.childElementCount;
  for (const message of messages) {
    const id = message.custom?.id;
    if (id !== undefined) {
      // The pieces of one reply come together and share their id.
      if (seen.has(id) && !messages.fresh?.has(id)) continue;
      (messages.fresh ??= new Set()).add(id);
      seen.add(id);
      last = Math.max(last, id);
    }
    show(log, message, choose);
    ask(message);
  }
  // A long answer is read from its beginning.
  if (log.childElementCount > before) scroll(log.children[before]);
}

function ask(message) {
  offer({ control: $("control"), hint: $("hint"), field }, message, {
    say, choose,
    camera: () => $("camera").click(),
    files: () => $("file").click(),
    locate,
  });
}

function choose(payload, title) { send({ message: payload }, [{ text: title }]); }
function say(text) { send({ message: text }, [{ text }]); }

function send(body, shown) {
  const bubble = showMine(log, shown);
  scroll();
  outbox.put(body, bubble, shown);
}

function scroll(from) {
  const end = log.scrollHeight - log.clientHeight;
  log.scrollTop = from ? Math.min(end, from.offsetTop - log.offsetTop - 16) : end;
}

// Pictures have no height before they are there.
log.addEventListener("load", ({ target }) => {
  if (log.scrollTop + log.clientHeight + target.height + 60 > log.scrollHeight) scroll();
}, true);

// ---- what is sent

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  let text = field.value.trim();
  if (!text) { field.focus(); return; }
  // A keyboard of digits often has no stroke.
  if (field.dataset.type === "date") text = text.replace(/^(\d\d)(\d\d)(\d{4})$/, "$1/$2/$3");
  field.value = "";
  grow();
  say(text);
  field.focus();
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});
field.addEventListener("input", grow);

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 4, 150)}px`;
}

$("attach").addEventListener("click", () => $("file").click());
for (const input of [$("file"), $("camera")]) {
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) await sendFile(file);
  });
}

async function sendFile(file) {
  try {
    const attachment = await prepare(file, limit);
    const image = attachment.mime.startsWith("image/");
    const url = URL.createObjectURL(attachment.blob);
    const shown = [image ? { image: url, custom: { name: file.name } } : { text: `Tệp ${file.name}` }];
    const { name, mime, data } = attachment;
    const text = field.value.trim();
    field.value = "";
    if (text) shown.push({ text });
    send({ message: text, attachments: [{ name, mime, data }] }, shown);
  } catch (error) {
    const why = error instanceof TooLarge
      ? `Tệp ${file.name} quá lớn: gửi được tối đa ${Math.floor(limit / 1e6)} MB. Anh/chị chụp lại hoặc chia nhỏ tệp giúp.`
      : `Không mở được tệp ${file.name}. Anh/chị chọn lại giúp.`;
    show(log, { text: why }, choose);
    scroll();
  }
}

function locate() {
  if (!navigator.geolocation) { cannotLocate(); return; }
  navigator.geolocation.getCurrentPosition(
    ({ coords: { latitude, longitude } }) =>
      send({ message: "", metadata: { place: { latitude, longitude } } }, [{ text: "Đã chia sẻ vị trí" }]),
    cannotLocate, { enableHighAccuracy: true, timeout: 15000 });
}

function cannotLocate() {
  show(log, { text: "Máy chưa cho biết vị trí. Anh/chị viết địa chỉ giúp, ví dụ “trước số 12 đường Võ Công Tồn”." }, choose);
  scroll();
}

// ---- what comes of itself

async function begin() {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 20000)) {
    try {
      const answer = await fetch("/chat/history");
      if (answer.ok) { recall(await answer.json()); break; }
    } catch { /* no network yet */ }
    await sleep(pause);
  }
  outbox.resume((shown) => showMine(log, shown));
  takeOver();
  listen();
}

// A link from another phone: what was begun there goes on here.
function takeOver() {
  const code = new URLSearchParams(location.search).get("tiep");
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  send({ message: `/start tiep_${code}` }, [{ text: "Làm tiếp việc đang dở" }]);
}

function recall(lines) {
  clear(log);
  log.setAttribute("aria-live", "off");
  let day = "", open = null;
  for (const line of lines) {
    const date = line.at ? new Date(line.at).toLocaleDateString("vi-VN") : "";
    if (date && date !== day) {
      const mark = document.createElement("p");
      mark.className = "day";
      mark.textContent = day = date;
      log.append(mark);
    }
    if (line.mine) { showMine(log, line.messages); open = null; continue; }
    for (const message of line.messages) {
      if (message.custom?.id) { seen.add(message.custom.id); last = Math.max(last, message.custom.id); }
      show(log, message, choose);
      open = message;
    }
  }
  if (open) ask(open);
  scroll();
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
}

async function listen() {
  for (let pause = 1000; ;) {
    try {
      const began = Date.now();
      const answer = await fetch(`/chat/messages?after=${last}&wait=25`);
      if (!answer.ok) throw new Error(String(answer.status));
      const messages = await answer.json();
      hear(messages);
      if (!messages.length && Date.now() - began < 1000) await sleep(1000); // a proxy that does not let us wait
      pause = 1000;
    } catch {
      await sleep(pause);
      pause = Math.min(pause * 2, 30000);
    }
  }
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

begin();
