"""A strict double of Telegram's Bot API on loopback. Run it beside a bot, or inside a test:

    python -m tests.doubles.telegram_api --port 8081
    with TelegramDouble() as double: TelegramChannel(double.token, api_url=double.url, …)

It outlives the bot: what the bot did and what waits for it stay. `/_control` drives it (`telegram_control`).
"""

import argparse
import asyncio
import base64
import contextlib
import hmac
import json
import threading
from typing import Any
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from tests.doubles.telegram_control import TelegramControl
from tests.doubles.telegram_world import CAPTION, Json, Refusal, World, bad

TOKEN = "7000000001:AAtest-token_of-the-double-0123456789"

#: What `/_control` may call.
DRIVEN = {"citizen", "group", "post", "upload", "tap", "block", "migrate", "delete", "push", "find"}


class TelegramApi:
    """The HTTP side: methods, faults on demand, webhook delivery, the control side."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self._begin()
        self._news = asyncio.Condition()
        self._waiting = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self._closing = asyncio.Event()
        self._courier: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def _begin(self) -> None:
        """An empty world."""
        self.world = World()
        self.world.changed = self._changed
        self.world.arrived = self._arrived
        self.calls: dict[str, int] = {}
        self.faults: list[Json] = []

    def app(self) -> web.Application:
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.router.add_get("/_control/state", self._state)
        app.router.add_post("/_control/{action}", self._control)
        app.on_shutdown.append(self._shut)
        return app

    # ------------------------------------------------------------------ the Bot API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if not hmac.compare_digest(unquote(request.match_info["token"]), self.token):
            return _refused(Refusal(401, "Unauthorized"))
        handler = getattr(self, f"do_{method.lower()}", None)
        if handler is None:
            return _refused(Refusal(404, "Not Found"))
        try:
            params = await _params(request)
            self.calls[method] = self.calls.get(method, 0) + 1
            if method == "getUpdates":
                self.world.noted()
            fault = self._fault(method, params)
            match fault:
                case {"kind": "silence"}:
                    await self._closing.wait()
                case {"kind": "refuse"}:
                    raise Refusal(fault["code"], fault["description"], **fault["parameters"])
            result = handler(params)
            if asyncio.iscoroutine(result):
                result = await result
            if fault is not None and request.transport is not None:  # "drop": done, and nobody hears of it
                request.transport.abort()
            return web.json_response({"ok": True, "result": _public(result)})
        except Refusal as refusal:
            return _refused(refusal)
        except (KeyError, ValueError, TypeError) as error:
            return _refused(bad(f"{error!r}"))

    def _fault(self, method: str, params: Json) -> Json | None:
        for fault in self.faults:
            for_method = fault["method"] in (None, method)
            if for_method and fault["chat"] in (None, str(params.get("chat_id"))) and fault["times"] > 0:
                fault["times"] -= 1
                return fault
        return None

    def do_getme(self, params: Json) -> Json:
        return self.world.bot | {"can_join_groups": True, "can_read_all_group_messages": False}

    async def do_getupdates(self, params: Json) -> list[Json]:
        if self.world.webhook["url"]:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete"
                " the webhook first",
            )
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        mine = self._poll = asyncio.get_running_loop().create_future()
        offset = int(params.get("offset") or 0)
        if offset:
            self.world.updates = [u for u in self.world.updates if u["update_id"] >= offset]
        if "allowed_updates" in params:
            self.world.allowed = params["allowed_updates"] or None
        if not self.world.updates and (seconds := float(params.get("timeout") or 0)):
            self._waiting.clear()
            news = asyncio.create_task(self._waiting.wait())
            shut = asyncio.create_task(self._closing.wait())
            await asyncio.wait((news, shut, mine), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            shut.cancel()
        if mine.done():
            raise Refusal(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
                " running",
            )
        mine.set_result(None)
        return self.world.updates[: int(params.get("limit") or 100)]

    def do_setwebhook(self, params: Json) -> bool:
        url = str(params.get("url") or "")
        if not url:
            return self.do_deletewebhook(params)
        secret = str(params.get("secret_token") or "")
        if len(secret) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
            raise bad("secret token contains unallowed characters")
        if not url.startswith(("https://", "http://127.0.0.1")):  # the real one: https only
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.world.webhook = {"url": url, "secret": secret}
        if "allowed_updates" in params:
            self.world.allowed = params["allowed_updates"] or None
        self._stop_courier()
        self._courier = asyncio.create_task(self._deliver(url, secret))
        return True

    def do_deletewebhook(self, params: Json) -> bool:
        self.world.webhook = {"url": ""}
        self._stop_courier()
        if params.get("drop_pending_updates") in (True, "true", "True"):
            self.world.updates.clear()
        return True

    def do_getwebhookinfo(self, params: Json) -> Json:
        info = {"url": self.world.webhook["url"], "has_custom_certificate": False}
        return info | {"pending_update_count": len(self.world.updates)}

    def do_sendmessage(self, params: Json) -> Json:
        chat = self.world.open_chat(params.get("chat_id"))
        text = self.world.text(params.get("text"))
        return self.world.send(chat, text=text, reply_markup=params.get("reply_markup"))

    def do_sendphoto(self, params: Json) -> Json:
        return self._send_file(params, self.world.photo(_uploaded(params.get("photo"))["content"]))

    def do_senddocument(self, params: Json) -> Json:
        return self._send_file(params, self.world.document(**_uploaded(params.get("document"))))

    def _send_file(self, params: Json, file: Json) -> Json:
        caption = self.world.text(params.get("caption"), CAPTION, empty="")
        rest = {"caption": caption} if caption else {}
        return self.world.send(params.get("chat_id"), reply_markup=params.get("reply_markup"), **file, **rest)

    def do_editmessagetext(self, params: Json) -> Json:
        text = self.world.text(params.get("text"))
        return self.world.edit(params["chat_id"], params["message_id"], params.get("reply_markup"), text)

    def do_editmessagereplymarkup(self, params: Json) -> Json:
        return self.world.edit(params["chat_id"], params["message_id"], params.get("reply_markup"))

    def do_answercallbackquery(self, params: Json) -> bool:
        return self.world.answer_tap(str(params.get("callback_query_id")), str(params.get("text") or ""))

    def do_sendchataction(self, params: Json) -> bool:
        self.world.actions.append(
            {"chat": self.world.open_chat(params["chat_id"]), "action": params["action"]}
        )
        return True

    def do_setmycommands(self, params: Json) -> bool:
        commands = params["commands"]
        for command in commands:
            if not (1 <= len(command["command"]) <= 32 and 1 <= len(command["description"]) <= 256):
                raise bad("BOT_COMMAND_INVALID")
        self.world.commands = commands
        return True

    def do_getfile(self, params: Json) -> Json:
        return self.world.file(str(params.get("file_id")))

    async def _file(self, request: web.Request) -> web.Response:
        content = self.world.files.get(request.match_info["path"].replace("/", "-", 1))
        if unquote(request.match_info["token"]) != self.token or content is None:
            return _refused(Refusal(404, "Not Found"))
        return web.Response(body=content)

    # ------------------------------------------------------------------ webhook

    async def _deliver(self, url: str, secret: str) -> None:
        """One update after the other, each until it is taken."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            pause = 0.05
            while True:
                while not self.world.updates:
                    self._waiting.clear()
                    await self._waiting.wait()
                update = self.world.updates[0]
                try:
                    async with session.post(url, json=update, headers=headers) as answer:
                        taken = 200 <= answer.status < 300
                except (aiohttp.ClientError, TimeoutError):
                    taken = False
                if taken:
                    self.world.updates.remove(update)
                    pause = 0.05
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, 1.0)

    def _stop_courier(self) -> None:
        if self._courier is not None:
            self._courier.cancel()
            self._courier = None

    # ------------------------------------------------------------------ control

    async def _control(self, request: web.Request) -> web.Response:
        action, args = request.match_info["action"], await request.json()
        try:
            if action == "fault":
                self.faults.append(args)
                return web.json_response({})
            if action == "reset":
                self._stop_courier()
                self._begin()
                return web.json_response({})
            if action == "limit":
                self.world.per_chat = float(args["per_chat"])
                return web.json_response({})
            if action not in DRIVEN:
                raise bad(f"no such control: {action}")
            if "content" in args:
                args["content"] = base64.b64decode(args["content"])
            return web.json_response(getattr(self.world, action)(**args))
        except Refusal as refusal:
            return _refused(refusal)

    async def _state(self, request: web.Request) -> web.Response:
        """Everything the bot did, at once when there is more than `after`, else when something happens."""
        after, wait = int(request.query.get("after", -1)), float(request.query.get("wait", 0))
        async with self._news:
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait_for(lambda: self.world.version > after)
            except TimeoutError:
                pass
        world = self.world
        state: dict[str, Any] = {"version": world.version, "messages": world.messages, "taps": world.taps}
        state |= {"calls": self.calls, "commands": world.commands, "actions": world.actions}
        state |= {"pending": len(world.updates), "webhook": world.webhook["url"]}
        return web.json_response(state)

    def _changed(self) -> None:
        task = asyncio.get_running_loop().create_task(self._tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    def _arrived(self) -> None:
        self._waiting.set()

    async def _shut(self, _: web.Application) -> None:
        self._closing.set()
        self._stop_courier()
        await self._tell()


async def _params(request: web.Request) -> Json:
    """Query, form, multipart or JSON; nested values are JSON in all but the last."""
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        return params | await request.json()
    if request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                content = value.file.read()
                params[name] = {"content": content, "name": value.filename, "mime": value.content_type}
            else:
                params[name] = value
    for name in ("reply_markup", "allowed_updates", "commands", "link_preview_options"):
        if isinstance(params.get(name), str):
            params[name] = json.loads(params[name])
    # attach://field names another part of the same request
    for name, value in list(params.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            params[name] = params.get(value.removeprefix("attach://"))
    return params


def _uploaded(value: object) -> Json:
    if not isinstance(value, dict):
        raise bad("there is no file in the request")
    return value


def _public(result: object) -> object:
    if isinstance(result, dict):
        return {key: value for key, value in result.items() if not key.startswith("_")}
    return result


def _refused(refusal: Refusal) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)


async def _serve(api: TelegramApi, port: int) -> tuple[web.AppRunner, int]:
    runner = web.AppRunner(api.app(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    return runner, runner.addresses[0][1]


class TelegramDouble(TelegramControl):
    """The double in a thread of its own, with the control side at hand."""

    def __init__(self, port: int = 0, token: str = TOKEN) -> None:
        self.token = token
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram-double", daemon=True)
        self._thread.start()
        self._runner, port = self._run(self._start(port))
        super().__init__(f"http://127.0.0.1:{port}")

    def __enter__(self) -> "TelegramDouble":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self, port: int) -> tuple[web.AppRunner, int]:
        return await _serve(TelegramApi(self.token), port)

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


async def _main(port: int, token: str) -> None:
    runner, port = await _serve(TelegramApi(token), port)
    print(f"Telegram double: http://127.0.0.1:{port} token {token}", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(given.port, given.token))
