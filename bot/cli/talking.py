"""`motcua chat` and `motcua understand`: the assistant at the terminal."""

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import aiohttp

from bot.app import NLU, Program, rasa_note, rules_reader
from bot.config import Settings
from bot.content import Content
from bot.core.errors import MotCuaError
from bot.core.heard import Heard
from bot.core.messages import Button, Incoming, Reply
from bot.understanding.rasa import RasaReader
from bot.understanding.server import RasaServer
from bot.understanding.shelf import Shelf
from bot.understanding.training import ModelRefused, rasa_python, train_model

#: Texts read at once, and how long one may take when nobody waits in a chat.
AT_ONCE, PATIENCE = 8, 60.0


async def chat(settings: Settings, content: Content) -> None:
    """Talk until "/thoat" or the end of input. Numbers press the buttons shown last."""
    program = Program(settings, content)
    await program.start()
    print("Gõ câu hỏi rồi Enter; gõ số để bấm nút; /thoat để nghỉ.")
    shown: list[Button] = []
    number = 0
    loop = asyncio.get_running_loop()
    try:
        while True:
            line = await loop.run_in_executor(None, _line)
            if line is None or line.strip() == "/thoat":
                return
            number += 1
            tapped = _tapped(line, shown)
            incoming = Incoming(
                channel="terminal",
                external_id=f"{id(program)}:{loop.time()}:{number}",
                sender="terminal",
                text="" if tapped else line,
                tapped=tapped,
            )
            owed = await program.door.converse(incoming)
            shown = [button for one in owed for button in one.reply.buttons]
            for one in owed:
                _show(one.reply)
            for index, button in enumerate(shown, 1):
                print(f"   {index}. [{button.title}]")
            await program.door.settle([one.id for one in owed])
    finally:
        await program.stop()


async def understand(settings: Settings, content: Content, lines: Sequence[str], *, as_json: bool) -> None:
    """Read each line and print what was heard, in order; a running Rasa is used, else one is started."""
    url, token = await _running_rasa(settings)
    server: RasaServer | None = None
    if not url:
        server = RasaServer(rasa_python(NLU), NLU, await _model(settings.var / "models"))
        await server.start()
        url, token = server.url, server.token
    reader = RasaReader(url, token, rules_reader(content), PATIENCE)
    try:
        await reader.start()
        try:
            await asyncio.wait_for(reader.wait_ready(), 180)
        except TimeoutError:
            raise MotCuaError("Rasa did not come up in 180 s") from None
        free = asyncio.Semaphore(AT_ONCE)

        async def read(line: str) -> Heard:
            async with free:
                return await reader.read(line)

        for task in [asyncio.ensure_future(read(line)) for line in lines]:
            heard = await task
            print(json.dumps(_plain(heard), ensure_ascii=False) if as_json else _short(heard), flush=True)
    finally:
        await reader.close()
        if server is not None:
            await server.stop()


async def _model(folder: Path) -> Path:
    """The model in use, after the one of the present files has been seen to."""
    try:
        await train_model(NLU, folder, _tell)
    except ModelRefused as error:
        _tell(str(error))
    choice = Shelf(folder).choose()
    if choice.card is None:
        raise MotCuaError("\n".join(choice.troubles) or "Chưa có mô hình nào được dùng (motcua nlu models).")
    return Shelf(folder).archive(choice.card.model)


async def _running_rasa(settings: Settings) -> tuple[str, str]:
    """Where a Rasa answers already: one run elsewhere, or the child of a running `motcua run`."""
    if settings.rasa_url:
        return settings.rasa_url, settings.rasa_token.get_secret_value() if settings.rasa_token else ""
    with suppress(OSError, ValueError, KeyError):
        note = json.loads(rasa_note(settings).read_text())
        timeout = aiohttp.ClientTimeout(total=2)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            with suppress(aiohttp.ClientError, TimeoutError):
                answer = await http.get(f"{note['url']}/status", params={"token": note["token"]})
                if answer.status == 200:
                    return note["url"], note["token"]
    return "", ""


def _plain(heard: Heard) -> dict[str, object]:
    return {
        "text": heard.text,
        "intent": heard.intent,
        "confidence": round(heard.confidence, 4),
        "procedures": [
            {"code": g.code, "id": g.id, "name": g.name, "confidence": round(g.confidence, 4)}
            for g in heard.procedures[:5]
        ],
        "entities": [asdict(entity) for entity in heard.entities],
        "source": heard.source,
    }


def _short(heard: Heard) -> str:
    best = ", ".join(f"{g.id} {g.confidence:.2f}" for g in heard.procedures[:2])
    return f"{heard.intent} {heard.confidence:.2f}  {best}  ({heard.source})  «{heard.text}»"


def _line() -> str | None:
    try:
        return input("> ")
    except (EOFError, KeyboardInterrupt):
        return None


def _tapped(line: str, shown: list[Button]) -> str | None:
    word = line.strip()
    if word.isascii() and word.isdigit() and 1 <= int(word) <= len(shown):
        return shown[int(word) - 1].payload or None
    return word if word.startswith("/") and word.endswith(")") else None


def _show(reply: Reply) -> None:
    print(reply.text)
    for row in reply.rows:
        print(f"   {row.label}: {row.value}")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
