// Drawing messages. Text is always set as text: nothing a person or the ward writes becomes HTML.

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

export function clear(log) { log.replaceChildren(); }

/** A message of the ward, with its buttons and rows; a tap calls `choose(payload, title)`. */
export function show(log, message, choose) {
  const turn = element("div", { class: "turn ward" }, element("span", { class: "unseen" }, "Một Cửa:"));
  const bubble = element("div", { class: "bubble" });
  fill(bubble, message);
  if (message.custom?.rows) bubble.append(rows(message.custom.rows, choose));
  if (bubble.childElementCount) turn.append(bubble);
  if (message.buttons?.length) turn.append(buttons(message.buttons, choose));
  log.append(turn);
}

/** What the resident sent; gives the turn back so that its state can be shown. */
export function showMine(log, messages) {
  const turn = element("div", { class: "turn mine" }, element("span", { class: "unseen" }, "Anh/chị:"));
  for (const message of messages) {
    const bubble = element("div", { class: "bubble" });
    fill(bubble, message);
    turn.append(bubble);
  }
  log.append(turn);
  return turn;
}

function fill(bubble, message) {
  if (message.text) {
    const text = element("p");
    text.textContent = message.text;
    bubble.append(text);
  }
  const name = message.custom?.name ?? "tệp";
  if (message.image) {
    bubble.append(element("img", { alt: `Ảnh ${name}`, src: message.image }));
  }
  if (message.attachment) bubble.append(element("a", { href: message.attachment, download: "" }, `Tải ${name}`));
}

function buttons(list, choose) {
  const group = element("div", { class: "buttons", role: "group", "aria-label": "Lựa chọn" });
  for (const { title, payload, url } of list) {
    if (url) {
      const safe = /^(https?:|tel:|\/)/i.test(url);
      group.append(element("a", { class: "button", href: safe ? url : "#", target: "_blank", rel: "noopener" }, title));
      continue;
    }
    const button = element("button", { type: "button" }, title);
    button.addEventListener("click", () => {
      for (const each of group.querySelectorAll("button")) each.disabled = true;
      button.classList.add("chosen");
      choose(payload, title);
      document.getElementById("noi-dung").focus({ preventScroll: true });
    });
    group.append(button);
  }
  return group;
}

function rows(list, choose) {
  const table = element("dl", { class: "rows" });
  for (const { label, value, payload } of list) {
    const row = element("div", {}, element("dt", {}, label), element("dd", {}, value || "(chưa có)"));
    if (payload) {
      const edit = element("button", { type: "button", "aria-label": `Sửa ${label}` }, "Sửa");
      edit.addEventListener("click", () => choose(payload, `Sửa ${label}`));
      // A list of terms may hold only terms and their values: the button belongs to the value.
      row.lastChild.after(element("dd", { class: "edit" }, edit));
    }
    table.append(row);
  }
  return table;
}
