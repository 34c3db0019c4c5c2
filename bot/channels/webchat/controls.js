// The right control for what is asked: a calendar, digits, the camera, a choice, a place.

const USUAL = { placeholder: "Anh/chị cần việc gì?", inputmode: "text", autocomplete: "off", hint: "" };

const TYPED = {
  date: { placeholder: "ngày/tháng/năm", inputmode: "numeric", hint: "Ví dụ 05/11/2026, hoặc chọn trên lịch." },
  phone: { placeholder: "Số điện thoại", inputmode: "tel", autocomplete: "tel", hint: "10 chữ số, ví dụ 0901 234 567." },
  cccd: { placeholder: "Số căn cước", inputmode: "numeric", hint: "12 chữ số, in ở mặt trước thẻ." },
  number: { placeholder: "Viết bằng số", inputmode: "decimal" },
  name: { placeholder: "Họ, chữ đệm và tên", autocomplete: "name" },
  address: { placeholder: "Số nhà, đường, khu phố", autocomplete: "street-address" },
  place: { placeholder: "Địa chỉ hoặc nơi gần đó" },
  file: { placeholder: "Gửi ảnh, hoặc viết tin" },
  text: { placeholder: "Viết câu trả lời" },
};

/** Fit the text field and the row of controls to the newest message of the ward. */
export function offer({ control, hint, field }, message, act) {
  const collect = message.custom?.collect;
  const way = { ...USUAL, ...(collect ? TYPED[collect.type] ?? TYPED.text : {}) };
  field.placeholder = way.placeholder;
  field.inputMode = way.inputmode;
  field.autocomplete = way.autocomplete;
  hint.textContent = way.hint + (collect && !collect.required ? " Không bắt buộc." : "");
  control.replaceChildren();
  delete field.dataset.type;
  if (!collect) return;
  field.dataset.type = collect.type;
  if (collect.type === "date") control.append(calendar(act.say));
  if (way.inputmode !== "text") {
    // Somebody may want to ask something instead, and a keyboard of digits has no letters.
    const letters = button("Viết chữ", () => { field.inputMode = "text"; letters.remove(); field.focus(); });
    control.append(letters);
  }
  if (collect.type === "file") {
    control.append(button("Chụp ảnh", act.camera), button("Chọn ảnh hoặc tệp", act.files));
  }
  if (collect.type === "place") control.append(button("Chia sẻ vị trí", act.locate));
  if (collect.choices?.length && !message.buttons?.length) {
    for (const { id, title } of collect.choices) {
      control.append(button(title, () => {
        control.replaceChildren();
        act.choose(`/SetSlots(${collect.slot}=${quoted(id)})`, title);
      }));
    }
  }
}

function button(title, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = title;
  made.addEventListener("click", action);
  return made;
}

function calendar(say) {
  const frame = document.createElement("span"), input = document.createElement("input");
  input.type = "date";
  input.className = "unseen";
  input.tabIndex = -1;
  input.setAttribute("aria-label", "Ngày");
  input.addEventListener("change", () => {
    const [year, month, day] = input.value.split("-");
    if (day) say(`${day}/${month}/${year}`);
  });
  const open = button("Chọn trên lịch", () => {
    if (input.showPicker) input.showPicker(); else input.focus();
  });
  frame.append(open, input);
  return frame;
}

const quoted = (id) => (/^[^,()="\s]+$/.test(id) ? id : JSON.stringify(id));
