"""A stand-in for Rasa's server: the same HTTP call, on loopback, and strict about how it is made."""

import asyncio
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import unused_port

TOKEN = "s3cret"


class RasaDouble:
    """Can be started, made slow or mad, killed, and started again on the same port."""

    def __init__(self) -> None:
        self.port = unused_port()
        self.texts: list[str] = []
        #: Set: answers. Cleared: every request hangs until it is set again.
        self.awake = asyncio.Event()
        self.awake.set()
        #: In place of a proper answer.
        self.body: bytes | None = None
        self.status = 200
        self.refused = 0
        self.refused_twice = asyncio.Event()
        self.at_once = self.most_at_once = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/model/parse", self._parse)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def kill(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _parse(self, request: web.Request) -> web.Response:
        if request.query.getall("token", []) != [TOKEN]:
            self.refused += 1
            if self.refused > 1:
                self.refused_twice.set()
            return web.json_response({"reason": "NotAuthenticated"}, status=401)
        assert request.content_type == "application/json"
        body = json.loads(await request.read())
        assert set(body) == {"text"}
        assert isinstance(body["text"], str)
        self.texts.append(body["text"])
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.awake.wait()
        finally:
            self.at_once -= 1
        if self.body is not None:
            return web.Response(body=self.body, status=self.status, content_type="application/json")
        return web.json_response(self._answer(body["text"]), status=self.status)

    @staticmethod
    def _answer(text: str) -> dict[str, Any]:
        """As Rasa 3.6 with our components answers, with all it says beside what we use."""
        return {
            "text": text,
            "intent": {"name": "ask_fee", "confidence": 0.93},
            "entities": [
                {
                    "start": 0,
                    "end": 2,
                    "value": 12,
                    "entity": "number",
                    "confidence_entity": 0.9,
                    "extractor": "RegexEntityExtractor",
                }
            ],
            "text_tokens": [[0, 2], [3, 6]],
            "intent_ranking": [{"name": "ask_fee", "confidence": 0.93}],
            "procedures": [
                {
                    "code": "1.001193",
                    "id": "dang_ky_khai_sinh",
                    "name": "Đăng ký khai sinh",
                    "confidence": 0.9,
                }
            ]
            + [{"code": "", "id": f"khac_{n}", "name": "", "confidence": 0.01} for n in range(6)],
        }
