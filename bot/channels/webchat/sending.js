// Sending, one after the other, until the ward has it. A message keeps its id, so sending it twice is harmless.

const KEPT = "motcua.unsent";
const REFUSED = "Tin này chưa gửi được, có thể vì tệp quá lớn. Anh/chị gửi lại giúp.";
const ROOM = 1_500_000; // characters: what localStorage surely takes

export class Outbox {
  constructor({ answered, busy, waiting }) {
    Object.assign(this, { answered, busy, waiting, queue: [], running: false, wake: null });
    addEventListener("online", () => this.wake?.());
  }

  put(body, bubble, shown) {
    const message_id = newId();
    this.queue.push({ body: { ...body, metadata: { ...body.metadata, message_id } }, bubble, shown });
    this.#keep();
    this.#run();
  }

  /** What an earlier visit could not send; `draw(shown)` puts it on the page again. */
  resume(draw) {
    for (const { body, shown } of stored()) {
      if (this.queue.some((each) => each.body.metadata.message_id === body.metadata.message_id)) continue;
      this.queue.push({ body, shown, bubble: draw(shown) });
    }
    this.#run();
  }

  async #run() {
    if (this.running) return;
    this.running = true;
    let pause = 1000;
    while (this.queue.length) {
      const first = this.queue[0];
      const sign = setTimeout(() => this.busy(true), 300);
      const messages = await post(first.body);
      clearTimeout(sign);
      this.busy(false);
      if (messages === null) {
        mark(first.bubble, "Chưa gửi được, đang thử lại…");
        this.waiting(true);
        await this.#pause(pause);
        pause = Math.min(pause * 2, 30000);
        continue;
      }
      pause = 1000;
      this.waiting(false);
      mark(first.bubble, "");
      this.queue.shift();
      this.#keep();
      this.answered(messages);
    }
    this.running = false;
  }

  #pause(ms) {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.wake = () => { clearTimeout(timer); done(); };
    });
  }

  #keep() {
    const kept = this.queue.map(({ body, shown }) => ({ body, shown: shown.map(storable) }));
    try {
      // Large photos are not kept over a reload; the page says "chưa gửi được" while it is open.
      const small = kept.filter((each) => JSON.stringify(each).length < ROOM);
      if (small.length) localStorage.setItem(KEPT, JSON.stringify(small)); else localStorage.removeItem(KEPT);
    } catch { /* full or forbidden: then it is kept in memory only */ }
  }
}

/** The answer; null if it is worth trying again. */
async function post(body, again = false) {
  try {
    const answer = await fetch("/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.status >= 500 || answer.status === 429) return null;
    if (answer.status === 401 && !again) {
      await fetch("/"); // the cookie ran out: the page gives a new one
      return await post(body, true);
    }
    return await answer.json().catch(() => [{ text: REFUSED }]);
  } catch {
    return null;
  }
}

function mark(bubble, text) {
  let state = bubble.querySelector(".state");
  if (!text) { state?.remove(); return; }
  if (!state) {
    state = document.createElement("p");
    state.className = "state";
    bubble.append(state);
  }
  state.textContent = text;
}

const storable = ({ text, image, custom }) => ({ text: text ?? (image ? `Ảnh ${custom.name}` : "") });

function stored() {
  try { return JSON.parse(localStorage.getItem(KEPT)) ?? []; } catch { return []; }
}

// Not crypto.randomUUID: it is missing on plain http and on older phones.
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}
